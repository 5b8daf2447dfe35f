#!/usr/bin/env node
// Written so that any Node can parse it: an old one gets a sentence, not a syntax error.
'use strict';
var version = process.versions.node.split('.');
if (+version[0] < 20 || (+version[0] === 20 && +version[1] < 19)) {
  console.error('error: modemctl needs Node 20.19 or newer; this is Node %s. [HELPER]', process.versions.node);
  process.exit(8);
}
if (!require('node:fs').existsSync(require('node:path').join(__dirname, '../dist/cli.cjs'))) {
  console.error('error: modemctl is not built yet. [HELPER]\nnpm ci && npm run build');
  process.exit(8);
}
require('../dist/cli.cjs');
