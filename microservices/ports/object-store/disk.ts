export { objectRoutes } from './disk/routes.ts';
export { openDiskObjectStore } from './disk/store.ts';
