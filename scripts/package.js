// npm run package [-- --arch amd64,arm64,armhf] [--out FOLDER]: modemctl_VERSION_ARCH.deb for each, from any Debian machine, without root. Two runs of the same commit give the same bytes.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ARCHITECTURES } from './package/architectures.js';

function refuse(message, hint) {
  process.stderr.write(`error: ${message}\n${hint}\n`);
  process.exit(2);
}

function options() {
  try {
    const { values } = parseArgs({ options: { arch: { type: 'string' }, out: { type: 'string' } } });
    const architectures = values.arch?.split(',') ?? Object.keys(ARCHITECTURES);
    const unknown = architectures.find((name) => !Object.hasOwn(ARCHITECTURES, name));
    if (unknown !== undefined) throw new Error(`there is no package for "${unknown}"`);
    return { architectures, out: values.out ?? '.' };
  } catch (error) {
    return refuse(error.message, `npm run package -- [--arch ${Object.keys(ARCHITECTURES).join(',')}] [--out FOLDER]`);
  }
}

/** The commit's time, which all files get. */
function sourceDate() {
  if (process.env.SOURCE_DATE_EPOCH) return Number(process.env.SOURCE_DATE_EPOCH);
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' });
  if (status !== 0)
    refuse('this is no clone, so that the date is not known', 'SOURCE_DATE_EPOCH=SECONDS npm run package');
  return Number(stdout);
}

const { architectures, out } = options();
if (spawnSync('dpkg-deb', ['--version']).error) {
  refuse(
    'dpkg-deb is not here: a .deb is made on Debian, or with its program dpkg-deb',
    'On Fedora: sudo dnf install dpkg',
  );
}
if (!existsSync('dist/cli.cjs')) refuse('modemctl is not built yet', 'npm ci && npm run package');
mkdirSync(out, { recursive: true });
const epoch = sourceDate();
// It reads dist/.
const { buildPackage } = await import('./package/build.js');
for (const architecture of architectures) {
  const file = buildPackage(architecture, out, epoch);
  const sum = execFileSync('sha256sum', [file], { encoding: 'utf8' }).split(' ')[0];
  process.stdout.write(`${file}  ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB  sha256 ${sum}\n`);
}
