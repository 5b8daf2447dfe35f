import { describe, expect, it } from 'vitest';
import { canRunTheirArm } from '../../src/native/arm-board.ts';

describe('the packages usb and koffi', () => {
  it.each([
    ['x64', 'x86_64', '', true],
    ['arm64', 'aarch64', '', true],
    ['arm', 'armv7l', '7', true],
    ['arm', 'aarch64', '7', true],
    ['arm', 'armv6l', '6', false],
    ['arm', 'armv6l', '', false],
    ['arm', 'armv7l', '6', false],
  ])('on %s (%s, Node for ARM %s) can be loaded: %s', (arch, board, armVersion, usable) => {
    expect(canRunTheirArm({ arch, board, armVersion })).toBe(usable);
  });
});
