import t from 'tap'
import { bootRecordText } from '../../../../src/model/boot/loaders/boot-record.ts'
import {
  planLines,
  recordStep,
  removeStep,
  stepTo,
  writeTextStep,
} from '../../../../src/model/boot/loaders/loader-plan.ts'
import { octets } from '../../../../src/model/etc/octets.ts'

t.test('steps between two texts', async (t) => {
  t.strictSame(stepTo('/a/b', 'x\n', 'x\n'), [])
  t.strictSame(stepTo('/a/b', undefined, undefined), [])
  t.strictSame(stepTo('/a/b', 'x\n', undefined), [
    { do: 'file', file: { do: 'remove', path: '/a/b', before: 'x\n' } },
  ])
  t.strictSame(stepTo('/a/b', undefined, 'y\n'), [
    {
      do: 'file',
      file: {
        do: 'replace',
        path: '/a/b',
        after: 'y\n',
        parents: true,
        shell: ['mkdir -p /a', "cat > /a/b <<'END'\ny\nEND"],
      },
    },
  ])
  t.strictSame(stepTo('/a/b', 'x', 'y', '/a/b-backup'), [
    {
      do: 'file',
      file: {
        do: 'replace',
        path: '/a/b',
        before: 'x',
        after: 'y',
        backup: '/a/b-backup',
        shell: ["printf 'y' > /a/b"],
      },
    },
  ])
})

t.test('the record is a file like others', async (t) => {
  const record = { loader: 'a', state: 'installed', sequences: [], replaced: [] } as const
  const path = '/var/lib/hugepool/boot.json'
  t.strictSame(recordStep('x', record), [writeTextStep(path, 'x', bootRecordText(record))])
  t.strictSame(recordStep(bootRecordText(record), record), [])
  t.strictSame(recordStep('x', undefined), [removeStep(path, 'x')])
})

t.test('every step as a line of shell', async (t) => {
  t.strictSame(
    planLines([
      writeTextStep('/a/b c', 'x', 'y', '/a/old'),
      { do: 'run', words: ['grubby', '--args=a b'] },
      removeStep('/a/d', 'z'),
    ]),
    ["cp -p '/a/b c' /a/old", "printf 'y' > '/a/b c'", "grubby '--args=a b'", 'rm /a/d'],
  )
})

t.test('a shell writes the octets of a file of others', async (t) => {
  const shellOf = (after: string) => planLines([writeTextStep('/a/b', 'x', after)])
  t.strictSame(shellOf(`# ${octets('f\u00fcr')}\n`), ["cat > /a/b <<'END'\n# f\u00fcr\nEND"])
  t.strictSame(shellOf(octets('f\u00fcr')), ["printf 'f\u00fcr' > /a/b"])
  t.strictSame(shellOf('f\xfc'), ["printf 'f\\374' > /a/b"])
})
