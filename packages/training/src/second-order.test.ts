// The filter gradient, which the stock wasm backend lacks.
import './wasm/index.js';
import '../test/second-order.suite.js';
