// Jest runs tests in a realm of their own, so that errors of Node's modules (fs, net) are not `instanceof Error` there,
// while they are in production. This makes the tests see what production sees.
const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  configurable: true,
  value(candidate) {
    return this === Error ? Error.isError(candidate) : ordinary.call(this, candidate);
  },
});
