/** Where the kernel and the system keep what discovery reads. A test puts folders of its own here; the machine's are the default. */
export interface SystemRoots {
  /** sysfs, `/sys`. */
  readonly sys: string;
  /** Device nodes, `/dev`. */
  readonly dev: string;
  /** Processes, `/proc`. */
  readonly proc: string;
  /** For `group`, `/etc`. */
  readonly etc: string;
  /** UUCP lock files, `/run/lock` (`/var/lock` is a link to it). */
  readonly lock: string;
}

/** The machine's own. */
export const systemRoots: SystemRoots = { sys: '/sys', dev: '/dev', proc: '/proc', etc: '/etc', lock: '/run/lock' };
