// Of node_modules what runs: the packages that the bundle leaves outside, and of each only its program, for one processor.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What scripts/build.js leaves outside the bundle. */
const OUTSIDE = ['serialport', '@serialport/parser-readline', 'usb', 'koffi'];
/** Asked for by others, needed to compile only. */
const NOT_RUN = ['node-addon-api', '@types/w3c-web-usb'];
/** Koffi's sources and manuals beside the few files that are its program. */
const IS_PROGRAM = /(^|\/)package\.json$|\.[cm]?js$|\.node$/;
const IS_ASIDE = /(^|\/)(test|tests|doc|docs|vendor|tools)\/|(^|\/)(build-test|cnoke|bin)\.c?js$|musl/;

/**
 * The packages that are in the bundle, and those beside it, each once: `{ name, version, folder, isBundled }`.
 */
export function packagesOf(modules) {
  const own = JSON.parse(readFileSync('package.json', 'utf8'));
  const found = new Map();
  const add = (name, from, isBundled) => {
    const folder = locate(modules, name, from);
    // Optional, and not for this machine.
    if (!folder || found.has(folder) || NOT_RUN.includes(name)) return;
    const { version, dependencies, optionalDependencies, license } = readPackage(folder);
    found.set(folder, { name, version, license, folder, isBundled });
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) add(next, folder, isBundled);
  };
  for (const name of OUTSIDE) add(name, modules, false);
  for (const name of Object.keys(own.dependencies)) add(name, modules, true);
  return [...found.values()];
}

function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Where Node would find it: from those that want it upwards. */
function locate(modules, name, from) {
  for (let folder = from; folder.startsWith(modules); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(found)) return found;
  }
  const found = join(modules, name);
  return existsSync(found) ? found : undefined;
}

/** The files of a package that are its program on one processor, relative to its folder. */
export function programOf(folder, cpu) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('node_modules/') && IS_PROGRAM.test(path) && !IS_ASIDE.test(path))
    .filter((path) => !path.startsWith('prebuilds/') || path.startsWith(`prebuilds/linux-${cpu}/`))
    .sort();
}

/** Its licence's text, or null. */
export function licenceOf(folder) {
  const name = readdirSync(folder).find((file) => /^licen[cs]e(\.md|\.txt)?$/i.test(file));
  return name ? readFileSync(join(folder, name), 'utf8') : null;
}
