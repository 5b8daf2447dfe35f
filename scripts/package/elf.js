// What a binary needs of the system, and what it can do without: read from the ELF file itself (gABI chapters 4 and 5), so that one machine serves all architectures and needs no binutils.

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;

/** Program headers of a little-endian ELF file. */
function segmentsOf(file) {
  if (file.toString('latin1', 0, 4) !== '\x7fELF' || file[5] !== 1) throw new Error('no little-endian ELF file');
  const is64 = file[4] === 2;
  const word = (at) => (is64 ? Number(file.readBigUInt64LE(at)) : file.readUInt32LE(at));
  const [start, size, count] = is64
    ? [word(32), file.readUInt16LE(54), file.readUInt16LE(56)]
    : [word(28), file.readUInt16LE(42), file.readUInt16LE(44)];
  const segments = Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return is64
      ? { type: file.readUInt32LE(at), offset: word(at + 8), address: word(at + 16), fileSize: word(at + 32) }
      : { type: file.readUInt32LE(at), offset: word(at + 4), address: word(at + 8), fileSize: word(at + 16) };
  });
  return { is64, word, segments };
}

/**
 * The libraries a binary is linked to, and the versions of their symbols that it asks for.
 * @returns {{ libraries: string[], versions: string[] }}
 */
export function needsOf(file) {
  const { is64, word, segments } = segmentsOf(file);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return { libraries: [], versions: [] };
  const step = is64 ? 8 : 4;
  const entries = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.fileSize; at += 2 * step) {
    entries.push([word(at), word(at + step)]);
  }
  const entry = (tag) => entries.find(([candidate]) => candidate === tag)?.[1] ?? 0;
  const address = entry(DT_STRTAB);
  const home = segments.find(
    (segment) => segment.type === PT_LOAD && address >= segment.address && address < segment.address + segment.fileSize,
  );
  if (!home) throw new Error('its dynamic strings are in no segment');
  const begin = address - home.address + home.offset;
  const strings = file.toString('latin1', begin, begin + entry(DT_STRSZ));
  const libraries = entries
    .filter(([tag]) => tag === DT_NEEDED)
    .map(([, offset]) => strings.slice(offset, strings.indexOf('\0', offset)));
  const versions = strings.split('\0').filter((text) => /^(GLIBC|GLIBCXX|CXXABI|GCC)_[\d.]+$/.test(text));
  return { libraries, versions };
}

/** The binary without what no segment holds: symbols and section headers, a seventh of Node. What runs is the same to the byte. */
export function withoutSymbols(file) {
  const { is64, segments } = segmentsOf(file);
  const trimmed = Buffer.from(file.subarray(0, Math.max(...segments.map(({ offset, fileSize }) => offset + fileSize))));
  // e_shoff, then e_shnum and e_shstrndx.
  trimmed.fill(0, is64 ? 40 : 32, is64 ? 48 : 36);
  trimmed.fill(0, is64 ? 60 : 48, is64 ? 64 : 52);
  return trimmed;
}
