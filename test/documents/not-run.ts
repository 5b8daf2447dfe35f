/** The blocks marked `console`: what keeps them from being typed by a test on a developer's machine, and which test does the same where it can be done. Their command lines are parsed all the same (parsing.test.ts). */

export interface NotRun {
  readonly page: string;
  readonly heading: string;
  readonly why: string;
  /** Files; none: nobody has seen it done. */
  readonly seenBy: readonly string[];
}

export const NOT_RUN: readonly NotRun[] = [
  {
    page: 'CONTRIBUTING.md',
    heading: 'Build and test',
    why: 'these are the tests; they would run themselves',
    seenBy: ['.ci/run'],
  },
  {
    page: 'CONTRIBUTING.md',
    heading: 'A bug report becomes a test',
    why: 'a test that runs tests',
    seenBy: ['test/transcripts/transcripts.test.ts'],
  },
  {
    page: 'README.md',
    heading: 'modemctl',
    why: 'shows three modems on a USB bus, one of them in use',
    seenBy: ['test/kernel/cases/01-detect.ts'],
  },
  {
    page: 'README.md',
    heading: 'On a Raspberry Pi',
    why: 'root, and a clean system to install a package in',
    seenBy: ['test/package/run', 'test/package/arm'],
  },
  {
    page: 'README.md',
    heading: 'What it does',
    why: "another program's service; a telephone line that is asked about and called",
    seenBy: ['test/cli/around.test.ts', 'test/kernel/cases/17-doctor.ts'],
  },
  {
    page: 'README.md',
    heading: 'Calls',
    why: 'root, a second machine, PPP in the kernel, a terminal',
    seenBy: [
      'test/kernel/cases/16-ppp-recipes.ts',
      'test/kernel/cases/23-far-ends.ts',
      'test/counterparts/terminals.test.ts',
      'test/cli/keep.test.ts',
      'test/kernel/cases/24-service.ts',
    ],
  },
  {
    page: 'docs/from-mgetty.md',
    heading: 'From mgetty and pppd to one command',
    why: 'root, PPP in the kernel',
    seenBy: ['test/kernel/cases/16-ppp-recipes.ts'],
  },
  {
    page: 'docs/from-mgetty.md',
    heading: 'Moving',
    why: 'root, a second machine, PPP in the kernel; mgetty to be stopped, packages to be installed',
    seenBy: ['test/kernel/cases/16-ppp-recipes.ts'],
  },
  {
    page: 'docs/recipes.md',
    heading: 'Log in to a machine by telephone',
    why: 'root, a second machine, a telephone line, a terminal',
    seenBy: ['test/package/run', 'test/kernel/cases/17-doctor.ts', 'test/kernel/cases/23-far-ends.ts'],
  },
  {
    page: 'docs/recipes.md',
    heading: 'An IP link',
    why: 'root, a second machine, PPP in the kernel',
    seenBy: ['test/kernel/cases/14-ppp.ts', 'test/kernel/cases/16-ppp-recipes.ts'],
  },
  {
    page: 'docs/recipes.md',
    heading: 'Keep nuisance callers off the line',
    why: 'nobody calls from there; what stands below it is run',
    seenBy: ['test/cli/answer.test.ts'],
  },
  {
    page: 'docs/recipes.md',
    heading: 'A bulletin board, and files',
    why: 'a terminal; lrzsz at both ends',
    seenBy: ['test/cli/term.test.ts'],
  },
  {
    page: 'docs/troubleshooting.md',
    heading: 'No right to open it',
    why: 'root; changes the machine',
    seenBy: ['test/newcomer/run', 'test/kernel/cases/13-setup.ts'],
  },
  { page: 'docs/recipes.md', heading: 'Start at boot', why: 'systemd', seenBy: ['test/kernel/cases/24-service.ts'] },
  {
    page: 'docs/recovery.md',
    heading: 'Hooks for other programs',
    why: 'mail',
    seenBy: ['test/kernel/cases/18-power.ts', 'test/cli/keeping.test.ts'],
  },
];
