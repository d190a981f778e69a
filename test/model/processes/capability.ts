import t from 'tap'
import { includesCapability, namedCapabilities } from '../../../src/model/processes/capability.ts'

t.test('each capability is one bit, as capabilities(7) numbers them', async (t) => {
  for (const [name, bit] of [
    ['CAP_CHOWN', 0n],
    ['CAP_DAC_OVERRIDE', 1n],
    ['CAP_NET_BIND_SERVICE', 10n],
    ['CAP_IPC_LOCK', 14n],
    ['CAP_SYS_PTRACE', 19n],
    ['CAP_SYS_ADMIN', 21n],
    ['CAP_LEASE', 28n],
  ] as const) {
    t.ok(includesCapability(1n << bit, name), name)
    t.ok(includesCapability(0x1ffffffffffn, name), name)
    t.notOk(includesCapability(0x1ffffffffffn - (1n << bit), name), name)
  }
})

t.test('those that systemd names', async (t) => {
  t.equal(namedCapabilities('cap_bpf cap_ipc_lock cap_sys_admin'), (1n << 14n) | (1n << 21n))
  t.equal(namedCapabilities('cap_dac_override'), 2n)
  t.equal(namedCapabilities('cap_dac_override_not'), 0n)
  t.equal(namedCapabilities(''), 0n)
})
