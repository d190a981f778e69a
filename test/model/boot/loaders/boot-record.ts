import t from 'tap'
import {
  type BootRecord,
  bootRecordText,
  parseBootRecord,
} from '../../../../src/model/boot/loaders/boot-record.ts'

const record: BootRecord = {
  loader: 'proxmox',
  state: 'installing',
  sequences: ['hugepages=3'],
  replaced: ['hugepages=4'],
  file: { path: '/a', before: 'x\u00e4\n', written: ['y\n'] },
}

t.test('a record is read as it was written, in ASCII', async (t) => {
  const text = bootRecordText(record)
  t.equal(
    text,
    `{
  "version": 1,
  "loader": "proxmox",
  "state": "installing",
  "sequences": [
    "hugepages=3"
  ],
  "replaced": [
    "hugepages=4"
  ],
  "file": {
    "path": "/a",
    "before": "x\\u00e4\\n",
    "written": [
      "y\\n"
    ]
  }
}
`,
  )
  t.strictSame(parseBootRecord(text), record)
  const { file: _, ...bare } = record
  t.strictSame(parseBootRecord(bootRecordText(bare)), bare)
  const absent = { ...record, file: { path: '/a', written: [] } }
  t.strictSame(parseBootRecord(bootRecordText(absent)), absent)
})

t.test('what is no record is refused', async (t) => {
  const values: readonly object[] = [
    { ...record, version: 2 },
    { ...record, version: 1, loader: 3 },
    { ...record, version: 1, state: 'done' },
    { ...record, version: 1, sequences: 'a' },
    { ...record, version: 1, sequences: [1] },
    { ...record, version: 1, replaced: undefined },
    { ...record, version: 1, file: { path: 3, written: [] } },
    { ...record, version: 1, file: { path: '/a', before: 3, written: [] } },
    { ...record, version: 1, file: { path: '/a' } },
    { ...record, version: 1, file: null },
  ]
  for (const text of ['', 'x', 'null', '[]', ...values.map((value) => JSON.stringify(value))])
    t.throws(
      () => parseBootRecord(text),
      {
        code: 'E_REFUSED',
        reason: 'not-understood',
        message: '/var/lib/hugepool/boot.json is no record of words that were installed',
        hint: 'move it away: the words that are installed then count as those of somebody else',
      },
      text,
    )
})
