/** Tells the person at the terminal what has come up, one line a thing, with the time it took since the start. */
export interface Progress {
  done(what: string, where?: string): void;
  say(line: string): void;
}

export const terminalProgress = (started = performance.now()): Progress => ({
  done: (what, where = '') => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
    console.log(`${seconds} s  ${what.padEnd(22)} ${where}`.trimEnd());
  },
  say: (line) => console.log(line),
});

export const silentProgress: Progress = { done: () => undefined, say: () => undefined };
