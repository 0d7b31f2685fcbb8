import { cpus, loadavg, totalmem } from 'node:os';

/** The machine that numbers were measured on, for the head of each report. */
export const machineLine = (): string => {
  const cores = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const model = cores[0]?.model.trim() || 'unknown processor';
  return `${cores.length} cores (${model}), ${memory} GB, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${new Date().toISOString()}, load before ${loadavg()[0]?.toFixed(1)}`;
};

/** True when others keep the machine busy, so that the numbers are too low. */
export const isBusy = (): boolean => (loadavg()[0] ?? 0) > cpus().length / 2;
