import { readdir, readFile, rm } from 'node:fs/promises';
import type { ProducerState, ProducerStates, RememberedBatch } from '../producers/sequences.ts';
import { producersPath } from './segment.ts';

/** A partition's producers when its log ended at `offset`. */
export type ProducerSnapshot = { readonly offset: number; readonly states: ProducerStates };

export function encodeProducers(states: ProducerStates): string {
  return JSON.stringify([...states]);
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isBatch(value: unknown): value is RememberedBatch {
  return isRecord(value) && isNumber(value['first']) && isNumber(value['last']) && isNumber(value['baseOffset']);
}

function isState(value: unknown): value is ProducerState {
  if (!isRecord(value) || !isNumber(value['epoch']) || !isNumber(value['seenAt'])) return false;
  return Array.isArray(value['batches']) && value['batches'].every(isBatch);
}

/** Null when the text is not a whole snapshot (a crash of the machine can leave one behind). */
export function decodeProducers(text: string): ProducerStates | null {
  const states: ProducerStates = new Map();
  try {
    const entries: unknown = JSON.parse(text);
    if (!Array.isArray(entries)) return null;
    for (const entry of entries as unknown[]) {
      if (!Array.isArray(entry)) return null;
      const [producerId, state] = entry as unknown[];
      if (!isNumber(producerId) || !isState(state)) return null;
      states.set(producerId, state);
    }
    return states;
  } catch {
    return null;
  }
}

async function snapshotOffsets(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names.filter((name) => /^\d{20}\.producers$/.test(name)).map((name) => Number(name.slice(0, 20)));
}

/** The newest whole snapshot taken at or before `offset`; an empty one at 0 when there is none. */
export async function loadProducerSnapshot(directory: string, offset: number): Promise<ProducerSnapshot> {
  const usable = (await snapshotOffsets(directory)).filter((taken) => taken <= offset).sort((a, b) => b - a);
  for (const taken of usable) {
    const states = decodeProducers(await readFile(producersPath(directory, taken), 'utf8'));
    if (states) return { offset: taken, states };
  }
  return { offset: 0, states: new Map() };
}

export async function deleteProducerSnapshots(directory: string, outdated: (offset: number) => boolean): Promise<void> {
  for (const offset of (await snapshotOffsets(directory)).filter(outdated)) {
    await rm(producersPath(directory, offset), { force: true });
  }
}
