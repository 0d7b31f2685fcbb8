export default () => globalThis.stopEngines();
