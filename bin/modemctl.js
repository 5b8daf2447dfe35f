#!/usr/bin/env node
// Written so that any Node can parse it: an old one gets a sentence, not a syntax error.
'use strict';
var version = process.versions.node.split('.');
if (+version[0] < 20 || (+version[0] === 20 && +version[1] < 19)) {
  // biome-ignore lint/style/useTemplate: a template literal would be a syntax error in an old Node
  var message = 'error: modemctl needs Node 20.19 or newer; this is Node ' + process.versions.node + '. [HELPER]\n';
  process.stderr.write(message);
  process.exit(8);
}
require('../dist/cli.cjs');
