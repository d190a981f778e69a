import t from 'tap'
import { loadAllCommands } from '../../src/cli/commands.ts'
import type { SummedHold } from '../../src/model/processes/who/sum-holds.ts'
import { usualColumns } from '../../src/output/columns.ts'
import { serviceColumns } from '../../src/output/config/service-rows.ts'
import { holdColumns } from '../../src/output/processes/hold-columns.ts'
import { alignedText } from '../../src/output/table.ts'
import { textRows } from '../../src/output/text-rows.ts'
import { fakeKernel } from '../helpers/fake-kernel/fake-kernel.ts'
import { lastingStage } from '../helpers/lasting-stage.ts'
import { onCopies } from '../helpers/manual-stages.ts'
import { onFake } from '../helpers/on-fake.ts'
import { M } from '../helpers/sizes.ts'
import { twoNodes } from '../helpers/test-on-fake.ts'

const commands = await loadAllCommands()

// Tables whose last column has names or words of any length: what stands before it fits in a
// terminal, so that a line that is longer is broken by the terminal within that last column only.

const terminal = 80

/** Where the last column of a table begins. */
const lastColumn = (table: string): number => {
  const [heading = ''] = table.split('\n')
  return heading.length - (heading.split(/ +/).at(-1) ?? '').length
}

t.test('the name of what is held begins within a terminal, whoever holds it', async (t) => {
  const hold: SummedHold = {
    kind: 'reservation',
    size: 512n * M,
    pages: 8_000_000n,
    reserved: 8_000_000n,
    shared: true,
    name: '/dev/hugepages/rtemap_0',
    process: {
      pid: 4_194_303,
      uid: 64_055,
      user: 'libvirt-',
      command: 'qemu-system-x86',
    } as NonNullable<SummedHold['process']>,
  }
  const names = usualColumns(holdColumns, [])
  const style = { bytes: false, raw: false }
  const { headings, rows, aligns } = textRows({ columns: holdColumns, rows: [hold] }, names, style)
  const table = alignedText([headings.map((text) => ({ text })), ...rows], aligns)
  t.match(table, /^ *PID .* NAME\n/)
  t.match(table, '/dev/hugepages/rtemap_0', 'which is not cut')
  t.ok(lastColumn(table) < terminal, table)
})

t.test('the nodes of a copy do, with paths no longer than 20', async (t) => {
  const { status, stdout, stderr } = await onCopies(t, 'cp model.bin /mnt/huge'.split(' '))
  t.equal(status, 0, stderr)
  // The directories of the test have longer names than those that people give to theirs.
  const [, source = '', target = ''] = /^(\S+) +(\S+)/m.exec(stdout.split('\n')[1] ?? '') ?? []
  const longer = source.length + target.length - 2 * 20
  t.match(stdout, /^SOURCE .* NODES\n/)
  t.ok(lastColumn(stdout) - longer < terminal - 10, stdout)
})

t.test('how a service ended does, in the longest of its paths', async (t) => {
  for (const path of [
    '/etc/runit/core-services/09-hugepool.sh',
    '/usr/local/lib/systemd/system/hugepool.service',
  ]) {
    const state = { kind: 'systemd', path, installed: 'disabled', missing: [] } as const
    const shown = { ...state, form: 'early', last: { outcome: 'skipped' } } as const
    const style = { bytes: false, raw: false }
    const names = usualColumns(serviceColumns, [])
    const { headings, rows, aligns } = textRows(
      { columns: serviceColumns, rows: [shown] },
      names,
      style,
    )
    const table = alignedText([headings.map((text) => ({ text })), ...rows], aligns)
    t.ok(lastColumn(table) < terminal, table)
  }
})

const configuration = `[pools.2M]
pages = "0:102400,1:102400"
[mounts."/mnt/huge"]
page-size = "2M"
size = "8G"
`

t.test('the outcome of a configuration does, and why something is not as wanted', async (t) => {
  for (const line of ['apply', 'check']) {
    const { stdout } = await lastingStage(t, { '/etc/hugepool.toml': configuration }).hugepool(line)
    t.match(stdout, /^WHAT .* (?:OUTCOME|WHY)\n/)
    t.ok(lastColumn(stdout) < terminal, stdout)
  }
})

t.test('the reason of a word does', async (t) => {
  const line = 'default_hugepagesz=1G hugepages=0:16,1:16 hugepagesz=2M hugepages=0:512,1:512'
  const { stdout } = await onFake(fakeKernel(twoNodes), ['boot', '--line', line])
  t.match(stdout, /^WORD .* WHY\n/)
  t.ok(lastColumn(stdout) < terminal, stdout)
})

t.test('the reason of a check does', async (t) => {
  const { stdout } = await onFake(fakeKernel(twoNodes), ['doctor', '2M=7000001'])
  t.match(stdout, /^CHECK .* WHY\n/)
  t.ok(lastColumn(stdout) < terminal, stdout)
})

t.test('every command with columns is measured here or with the usual columns', async (t) => {
  const measured = [
    'list',
    'resize',
    'overcommit',
    'demote',
    'mounts',
    'mount',
    'umount',
    'test',
    'watch',
  ]
  const withColumns = commands.filter(({ columns }) => columns.length > 0).map(({ name }) => name)
  t.strictSame(
    withColumns.toSorted(),
    [
      ...measured,
      'files',
      'who',
      'cp',
      'doctor',
      'service',
      'tune',
      'apply',
      'check',
      'boot',
    ].sort(),
  )
})
