import t from 'tap'
import {
  consumerPath,
  consumerText,
  knownConsumers,
  unitsOfConsumer,
} from '../../../../src/model/config/service/consumer-drop-in.ts'

t.test('the units of a consumer', async (t) => {
  const cases: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['kubelet', ['kubelet.service']],
    ['dpdk', ['dpdk.service']],
    ['libvirtd', ['libvirtd.service', 'virtqemud.service']],
    ['postgresql', ['postgresql.service', 'postgresql@.service']],
    ['postgresql@15-main', ['postgresql@15-main.service']],
    ['my.app', ['my.app.service']],
    ['mnt-huge.mount', ['mnt-huge.mount']],
    ['ovs.target', ['ovs.target']],
    ['constructor', ['constructor.service']],
    ['mnt-a\\x20b.mount', ['mnt-a\\x20b.mount']],
    ['', undefined],
    ['.service', undefined],
    ['a b', undefined],
    ['a/b', undefined],
    ['a\n[Service]', undefined],
    [`${'a'.repeat(247)}`, [`${'a'.repeat(247)}.service`]],
    [`${'a'.repeat(248)}`, undefined],
  ]
  for (const [word, units] of cases) t.strictSame(unitsOfConsumer(word), units, word)
  for (const word of knownConsumers) t.ok(unitsOfConsumer(word), word)
})

t.test('the drop-in orders them after the service', async (t) => {
  t.equal(consumerPath('kubelet.service'), '/etc/systemd/system/kubelet.service.d/hugepool.conf')
  t.equal(
    consumerText({ units: ['a.service', 'b@.service'], requires: false }),
    `# /etc/systemd/system/a.service.d/hugepool.conf
# /etc/systemd/system/b@.service.d/hugepool.conf
[Unit]
After=hugepool.service
Wants=hugepool.service
`,
  )
  t.equal(
    consumerText({ units: ['a.service'], requires: true }),
    `# /etc/systemd/system/a.service.d/hugepool.conf
[Unit]
After=hugepool.service
Requires=hugepool.service
`,
  )
})
