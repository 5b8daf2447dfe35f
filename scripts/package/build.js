// One package, from fetching its parts to the file.
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARCHITECTURES } from './architectures.js';
import { buildDeb } from './deb.js';
import { dependsOf } from './depends.js';
import { changelog, copyright, VERSION } from './documents.js';
import { packagesOf } from './modules.js';
import { fetchModules, fetchNode } from './npm.js';
import { addProgram, addSurroundings, Tree } from './tree.js';

const DOC = 'usr/share/doc/modemctl';

/** @param epoch the time that all files get, in seconds. Returns the file's path. */
export function buildPackage(architecture, out, epoch) {
  const { cpu, node } = ARCHITECTURES[architecture];
  const modules = fetchModules(cpu);
  const packages = packagesOf(modules);
  const { binary, licence } = fetchNode(node);
  const root = mkdtempSync(join(tmpdir(), 'modemctl-package-'));
  const file = join(out, `modemctl_${VERSION}_${architecture}.deb`);
  // Nobody takes half a package for one.
  const part = `${file}.part`;
  try {
    const tree = new Tree(root);
    const binaries = addProgram(tree, { cpu, node, nodeBinary: binary, packages, modules });
    addSurroundings(tree, { nodeLicence: licence });
    tree.writeCompressed(`${DOC}/changelog`, changelog(epoch));
    tree.write(`${DOC}/copyright`, copyright({ packages, modules, node }));
    buildDeb(tree, { architecture, depends: dependsOf(binaries), epoch, file: part });
    renameSync(part, file);
    return file;
  } finally {
    rmSync(part, { force: true });
    rmSync(root, { recursive: true });
  }
}
