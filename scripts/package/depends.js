// From what the binaries ask for to the names of Debian's packages. Something not listed here stops the build rather than be left out.
import { needsOf } from './elf.js';

const PACKAGES = {
  'libc.so.6': 'libc6',
  'libdl.so.2': 'libc6',
  'libm.so.6': 'libc6',
  'libpthread.so.0': 'libc6',
  'librt.so.1': 'libc6',
  'ld-linux-x86-64.so.2': 'libc6',
  'ld-linux-aarch64.so.1': 'libc6',
  'ld-linux-armhf.so.3': 'libc6',
  'libgcc_s.so.1': 'libgcc-s1',
  'libstdc++.so.6': 'libstdc++6',
  'libatomic.so.1': 'libatomic1',
};

/** The GCC that brought a version of libstdc++'s symbols: "ABI Policy and Guidelines" of its manual, and Debian's libstdc++6.symbols. */
const GCC_OF_GLIBCXX = { 21: '5', 22: '6', 23: '7', 24: '7', 25: '8', 26: '9', 27: '9', 28: '9', 29: '11', 30: '12' };

/** @param files paths and contents of all binaries. Returns the list as Depends has it. */
export function dependsOf(files) {
  const lowest = new Map();
  for (const [path, content] of files) {
    const { libraries, versions } = needsOf(content);
    for (const library of libraries) {
      const name = PACKAGES[library];
      if (!name) throw new Error(`${path} needs ${library}, and no Debian package is known for it`);
      raise(lowest, name, '0');
    }
    for (const version of versions) {
      const [, family, number] = /^([A-Z]+)_(.*)$/.exec(version);
      if (family === 'GLIBC') raise(lowest, 'libc6', number);
      const minor = /^3\.4\.(\d+)$/.exec(number)?.[1];
      if (family === 'GLIBCXX' && Number(minor) > 20) {
        const gcc = GCC_OF_GLIBCXX[minor];
        if (!gcc) throw new Error(`${path} needs ${version}, and no libstdc++6 is known for it`);
        raise(lowest, 'libstdc++6', gcc);
      }
    }
  }
  return [...lowest]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, version]) => (version === '0' ? name : `${name} (>= ${version})`));
}

function raise(lowest, name, version) {
  const known = lowest.get(name);
  if (known === undefined || isHigher(version, known)) lowest.set(name, version);
}

function isHigher(left, right) {
  return left.localeCompare(right, 'en', { numeric: true }) > 0;
}
