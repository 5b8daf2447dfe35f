import type { Guest } from './guest.ts';

/** One case of the kernel test. It fails by throwing. */
export interface KernelCase {
  /** Printed with its verdict; a sentence that says what holds. */
  name: string;
  /** Among those that a change must pass (`--essential`): only a kernel can show it, and no other of them does. The whole takes half an hour. */
  essential?: true;
  /** What it may take at most (default {@link DEFAULT_LIMIT_MS}); under software emulation everything takes some ten times its time. */
  limitMs?: number;
  run(guest: Guest): Promise<void>;
}

export const DEFAULT_LIMIT_MS = 300_000;
