const DIGEST = /^( {2}digest: )(\S+)$/m;
const IS_DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What is written before the first build: such an environment runs nothing. */
const NONE = `sha256:${'0'.repeat(64)}`;

/** The digest of the image in the values of an environment. Throws when there is none yet. */
export const digestIn = (values: string): string => {
  const digest = DIGEST.exec(values)?.[2] ?? NONE;
  if (digest === NONE) throw new Error('These values name no image yet: deploy a build there first.');
  return digest;
};

/** The values with another digest, and nothing else changed. Throws when it is no digest. */
export const withDigest = (values: string, digest: string): string => {
  if (!IS_DIGEST.test(digest) || digest === NONE)
    throw new Error(`"${digest}" is no digest of an image; it should be sha256: and 64 hexadecimal digits.`);
  if (!DIGEST.test(values)) throw new Error('These values have no line "  digest: …" below "image:".');
  return values.replace(DIGEST, (_line, before: string) => before + digest);
};
