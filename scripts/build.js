// Makes dist/: the typed library (tsc, ES modules) and the command line as one minified file (esbuild, CommonJS: it starts some 15 ms sooner than ES modules on Node 20).
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (existsSync('src/cli/main.ts')) {
  await build({
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    legalComments: 'none',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The native packages stay outside and are loaded on first use only.
    external: ['serialport', '@serialport/*', 'usb', 'koffi'],
    // An import() of those becomes a require(), which is faster and needs no ES module loader.
    supported: { 'dynamic-import': false },
    banner: { js: "var __fileUrl=require('url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': '__fileUrl' },
    logLevel: 'warning',
  });
}
