import '../test/optimisation.suite.js';
