import type { Kind } from './kinds.ts';

export { kinds } from './kinds.ts';

/** One setting of a service. Without `default` it must be set, unless its kind is optional. */
export interface Setting<Value = unknown> {
  /** Name of the environment variable. */
  variable: string;
  kind: Kind<Value>;
  default?: NoInfer<Value>;
  /** Its value appears in no error, no log and no table. */
  secret?: boolean;
  /** One plain sentence for the table of settings. */
  description: string;
}

export type Settings = Record<string, Setting>;

/** The values of declared settings, as a service gets them. */
export type SettingsOf<Declared extends Settings> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Setting<infer Value> ? Value : never;
};

/** Declares the settings of a service: property name → environment variable, kind, default and description. */
export const defineSettings = <Values extends Record<string, unknown>>(declared: {
  [Name in keyof Values]: Setting<Values[Name]>;
}): { [Name in keyof Values]: Setting<Values[Name]> } => declared;

export type Environment = Record<string, string | undefined>;

/**
 * Reads declared settings from the environment. Throws one error that names every variable that is wrong; secrets are
 * not shown.
 */
export const readSettings = <Declared extends Settings>(
  declared: Declared,
  environment: Environment,
): SettingsOf<Declared> => {
  const wrong: string[] = [];
  const values = Object.entries(declared).map(([name, setting]) => {
    const given = environment[setting.variable];
    const value: unknown = given === undefined ? setting.default : setting.kind.read(given);
    if (value === undefined && !(given === undefined && setting.kind.isOptional)) wrong.push(complaint(setting, given));
    return [name, value];
  });
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return Object.fromEntries(values) as SettingsOf<Declared>;
};

const complaint = ({ variable, kind, secret }: Setting, given: string | undefined): string => {
  const found = given === undefined ? 'is not set' : secret ? 'holds something else (not shown)' : `holds "${given}"`;
  return `${variable} ${found}, but should be ${kind.expected}.`;
};

/** One row of the table of settings. */
export interface SettingRow {
  variable: string;
  service: string;
  /** As it would be written in the environment; empty when the setting has none. */
  default: string;
  expected: string;
  description: string;
  isSecret: boolean;
  isRequired: boolean;
}

/** The settings of one service for the generated table, in the order they were declared. */
export const settingRows = (service: string, declared: Settings): SettingRow[] =>
  Object.values(declared).map((setting) => ({
    variable: setting.variable,
    service,
    default: setting.default === undefined ? '' : setting.kind.write(setting.default),
    expected: setting.kind.expected,
    description: setting.description,
    isSecret: setting.secret ?? false,
    isRequired: setting.default === undefined && !setting.kind.isOptional,
  }));
