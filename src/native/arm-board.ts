/** Which binaries of other people's packages this machine can run. */
import { machine } from 'node:os';

/** What decides it. */
export interface Machine {
  /** `process.arch`. */
  readonly arch: string;
  /** `uname -m`. */
  readonly board: string;
  /** The ARM version Node itself was built for. */
  readonly armVersion: string;
}

function thisMachine(): Machine {
  const { arm_version: armVersion = '' } = process.config.variables as { arm_version?: string | number };
  return { arch: process.arch, board: machine(), armVersion: String(armVersion) };
}

/**
 * False on ARMv6 (a Pi 1 or Zero): the only 32-bit ARM binaries of usb and koffi are for ARMv7, and both pick them by `process.arch` alone, so that the import would kill the process (SIGILL).
 */
export function canRunTheirArm({ arch, board, armVersion }: Machine = thisMachine()): boolean {
  return !(arch === 'arm' && (board === 'armv6l' || armVersion === '6'));
}
