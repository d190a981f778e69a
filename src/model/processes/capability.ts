/** Numbers of capabilities, from include/uapi/linux/capability.h. */
const capabilityBits = {
  CAP_CHOWN: 0n,
  CAP_DAC_OVERRIDE: 1n,
  CAP_SETGID: 6n,
  CAP_SETUID: 7n,
  CAP_NET_BIND_SERVICE: 10n,
  CAP_IPC_LOCK: 14n,
  CAP_SYS_PTRACE: 19n,
  CAP_SYS_ADMIN: 21n,
  CAP_LEASE: 28n,
} as const

export type Capability = keyof typeof capabilityBits

/** Whether a capability is among those of a process, each of which is one bit (CapEff). */
export const includesCapability = (capabilities: bigint, name: Capability): boolean =>
  ((capabilities >> capabilityBits[name]) & 1n) === 1n

/** The bits of capabilities that systemd names: `cap_ipc_lock cap_kill`. Those not known here have none. */
export const namedCapabilities = (text: string): bigint => {
  const names = text.toUpperCase().split(' ')
  return Object.entries(capabilityBits)
    .filter(([name]) => names.includes(name))
    .reduce((all, [, bit]) => all | (1n << bit), 0n)
}

/** The capabilities that words name, of those known here. */
export const capabilitiesNamedIn = (words: string): readonly Capability[] =>
  (Object.keys(capabilityBits) as Capability[]).filter((name) => words.includes(name))
