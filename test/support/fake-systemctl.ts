/** A stand-in for systemd: a `systemctl` that logs what it is told, and knows one unit. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Answers as systemctl(1) of systemd 252 does, in its words. FAKE_UNIT has more lines for `show`; a file `refuse-stop`, `hang-stop`, `refuse-start` beside it changes what happens. A file `on-stop` is run.
 */
const SCRIPT = `#!/bin/sh
cd "$(dirname "$0")"
verb=$1; for unit; do :; done
echo "$*" >> log
case $verb in
show)
  if [ "$unit" != callattendant ]; then echo LoadState=not-found; echo ActiveState=inactive; exit 0; fi
  if [ -e no-systemd ]; then
    echo 'System has not been booted with systemd as init system (PID 1). Can'"'"'t operate.' >&2
    echo 'Failed to connect to bus: Host is down' >&2
    exit 1
  fi
  cat facts; echo "ActiveState=$(cat state)" ;;
stop)
  if [ -e refuse-stop ]; then
    echo 'Failed to stop callattendant.service: Interactive authentication required.' >&2
    echo 'See system logs and '"'"'systemctl status callattendant.service'"'"' for details.' >&2
    exit 4
  fi
  if [ -e fail-stop ]; then echo 'Job for callattendant.service canceled.' >&2; exit 1; fi
  if [ -e hang-stop ]; then echo deactivating > state; exec sleep 60; fi
  if [ -e holder ]; then kill "$(cat holder)"; fi
  echo inactive > state ;;
start)
  if [ -e refuse-start ]; then echo 'Job for callattendant.service failed.' >&2; exit 1; fi
  echo active > state ;;
esac
`;

export class FakeSystemctl {
  readonly folder: string;

  constructor(parent: string, name: string) {
    this.folder = join(parent, `systemd-${name}`);
    mkdirSync(this.folder);
    const path = join(this.folder, 'systemctl');
    writeFileSync(path, SCRIPT);
    chmodSync(path, 0o755);
    this.write('log', '');
    this.write('state', 'active\n');
    this.write('facts', 'LoadState=loaded\nTransient=no\nCanStart=yes\nCanStop=yes\n');
  }

  /** PATH with it in front. */
  pathBefore(path: string | undefined): string {
    return `${this.folder}:${path}`;
  }

  write(name: string, text = ''): void {
    writeFileSync(join(this.folder, name), text);
  }

  get state(): string {
    return readFileSync(join(this.folder, 'state'), 'utf8').trim();
  }

  /** The verbs it was called with, in their order. */
  get verbs(): string[] {
    return this.calls.map((call) => call.split(' ')[0] ?? '');
  }

  get calls(): string[] {
    const log = join(this.folder, 'log');
    return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
  }
}
