/** A configuration file in which everything that may be said stands, as comments. */
import type { KeySpec } from './key-spec.ts';
import { SYSTEM_FILE } from './load.ts';
import { SECTIONS } from './schema.ts';

const NAMES: Readonly<Record<string, string>> = { modem: 'fax', number: 'pi17' };

export function exampleText(): string {
  const head = [
    `# Configuration of modemctl: ${SYSTEM_FILE}, then ~/.config/modemctl/config.toml, which overrides it key by key.`,
    '# Options of the command line go before it. Take the # away where something is to be otherwise; then: modemctl config check',
  ];
  const sections = SECTIONS.flatMap(({ name, named, describe, keys }) => {
    const title = name === '' ? [] : [`#[${name}${named ? `.${NAMES[name] ?? 'NAME'}` : ''}]`];
    const shared = name === 'number' ? keys.slice(0, 3) : keys;
    return ['', `# ${capital(describe)}.`, ...title, ...shared.flatMap(keyLines)];
  });
  return `${[...head, ...sections].join('\n')}\n`;
}

function keyLines({ key, describe, example, default: usual }: KeySpec): string[] {
  return [`# ${describe}${usual === undefined ? '' : ` (default ${usual})`}`, `#${key} = ${example}`];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
