import t from 'tap'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'

const noFacts = { sizes: () => [], defaultSize: () => undefined, nodes: () => [], mounts: () => [] }

const offered = async (...words: readonly string[]) =>
  (await candidatesFor(['service', ...words], noFacts)).map(({ text }) => text)

t.test('what can be done, with which init, and for whom', async (t) => {
  t.strictSame(await offered(''), ['install', 'remove', 'status', 'print', 'metrics'])
  t.strictSame(await offered('metrics', ''), ['install', 'remove'])
  t.strictSame(await offered('metrics', 'r'), ['remove'])
  t.strictSame(await offered('in'), ['install'])
  t.strictSame(await offered('install', ''), ['systemd', 'openrc', 'sysvinit', 'runit'])
  t.strictSame(await offered('print', ''), [
    'systemd',
    'openrc',
    'sysvinit',
    'runit',
    'libvirtd',
    'kubelet',
    'postgresql',
    'dpdk',
  ])
  t.strictSame(await offered('print', 'k'), ['kubelet'])
  t.strictSame(await offered('print', 'dpdk', ''), [])
})
