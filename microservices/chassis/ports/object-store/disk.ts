export { objectRoutes } from './disk/routes.ts';
export { openDiskObjectStore } from './disk/store.ts';
export type { DiskObjectStore, DiskObjectStoreOptions } from './disk/store.ts';
