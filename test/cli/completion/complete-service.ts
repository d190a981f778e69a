import t from 'tap'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'

const noFacts = { sizes: () => [], defaultSize: () => undefined, nodes: () => [], mounts: () => [] }

const offered = (...words: readonly string[]) =>
  candidatesFor(['service', ...words], noFacts).map(({ text }) => text)

t.test('what can be done, with which init, and for whom', async (t) => {
  t.strictSame(offered(''), ['install', 'remove', 'status', 'print'])
  t.strictSame(offered('in'), ['install'])
  t.strictSame(offered('install', ''), ['systemd', 'openrc', 'sysvinit', 'runit'])
  t.strictSame(offered('print', ''), [
    'systemd',
    'openrc',
    'sysvinit',
    'runit',
    'libvirtd',
    'kubelet',
    'postgresql',
    'dpdk',
  ])
  t.strictSame(offered('print', 'k'), ['kubelet'])
  t.strictSame(offered('print', 'dpdk', ''), [])
})
