import t from 'tap'
import type { ShownMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { plain } from '../../../src/output/colour.ts'
import { mountColumns } from '../../../src/output/mounts/mount-rows.ts'
import { viewText } from '../../../src/output/render.ts'
import { textRows } from '../../../src/output/text-rows.ts'
import { M } from '../../helpers/sizes.ts'

const mount: ShownMount = {
  target: '/mnt/huge',
  device: '0:39',
  source: 'none',
  pageSize: 2n * M,
  size: 100n * M,
  minSize: 40n * M,
  used: 10n * M,
  free: 90n * M,
  options: 'rw',
  hidden: false,
}

const format = {
  ...{ json: false, raw: false, bytes: false, headings: true },
  columns: ['TARGET', 'SIZE', 'MIN-SIZE', 'USED', 'USE'],
}

const table = (mounts: readonly ShownMount[], more = {}) =>
  viewText(
    {
      rows: (names, style) => textRows({ columns: mountColumns, rows: mounts }, names, style),
      document: () => ({}),
      ...{ words: [], hints: [], partial: false },
    },
    { ...format, ...more },
    plain,
  )

t.test('used, guaranteed and left of a mount, and none where nothing limits it', async (t) => {
  const { size, minSize, ...free } = mount
  const { used, ...unseen } = mount
  t.equal(
    await table([mount, { ...free, minSize: 40n * M }, free, unseen, { ...mount, size: 0n }]),
    `\
TARGET     SIZE  MIN-SIZE  USED  USE
/mnt/huge  100M       40M   10M  [##======............]
/mnt/huge     -       40M   10M  [#####===============]
/mnt/huge     -         -   10M  -
/mnt/huge  100M       40M     -  -
/mnt/huge     0       40M   10M  [#####===============]
`,
  )
})

t.test('on a terminal they are drawn as it has them', async (t) => {
  t.equal(
    await table([mount], { terminal: 50, unicode: true }),
    `\
TARGET     SIZE  MIN-SIZE  USED  USE
/mnt/huge  100M       40M   10M  [██▒▒▒▒░░░░░░░░░]
`,
  )
})

t.test('raw and pairs have a bar as one field, and nothing as every format has it', async (t) => {
  const { used, ...unseen } = mount
  const raw = await table([mount, unseen], { raw: true, columns: ['USED', 'USE'] })
  t.equal(raw, 'USED USE\n10M [##======............]\n- -\n')
  const pairs = await table([mount, unseen], { pairs: true, columns: ['USED', 'USE'] })
  t.equal(pairs, 'USED="10M" USE="[##======............]"\nUSED="" USE=""\n')
})
