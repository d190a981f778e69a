import { liveOn } from './support/live.ts'
import { hugepool, native } from './support/program.ts'

const live = liveOn('no HugeTLB')

live('a kernel without HugeTLB is told, by every command that asks for pools', async (t) => {
  for (const line of ['list', 'resize 1M=1', 'demote 1M=1', 'who', 'test 1M=1', 'doctor 1M=1']) {
    const { status, err } = await hugepool(...line.split(' '))
    t.equal(status, 4, line)
    t.match(err, 'this kernel has no HugeTLB pools: /sys/kernel/mm/hugepages is missing', line)
  }
  const { out } = await hugepool('list', '--json')
  t.hasStrict(JSON.parse(out), {
    version: 1,
    error: { code: 'E_UNSUPPORTED', reason: 'no-hugetlb' },
  })
})

live('commands that need no pools do their work there', async (t) => {
  t.equal((await hugepool('mounts')).status, 0)
  const { status, out } = await hugepool('tune', 'shmmni', '--raw', '--noheadings')
  t.equal(status, 0)
  t.match(out, /^shmmni \d+ /)
})

live('the addon loads, and gives no huge pages', async (t) => {
  t.equal(native().canPopulate(), true)
  t.throws(() => native().memfd('none', 2 ** 20), /memfd_create/)
})
