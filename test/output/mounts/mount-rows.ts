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

t.test('no line is longer than the terminal, and the bars take all that is left', async (t) => {
  const usual = ['TARGET', 'PAGE-SIZE', 'SIZE', 'MIN-SIZE', 'USED', 'FREE', 'USE']
  const { used, ...unseen } = { ...mount, target: '/mnt/other' }
  for (let columns = 100; columns <= 300; columns += 1) {
    const text = await table([mount, unseen], {
      ...{ terminal: columns, columns: usual, whereRoom: ['USE'] },
    })
    const [heading = '', bar = '', none] = text.trimEnd().split('\n')
    const cells = Math.min(columns - 53, 80)
    t.equal(heading, 'TARGET      PAGE-SIZE  SIZE  MIN-SIZE  USED  FREE  USE')
    t.equal(bar.length, 53 + cells)
    t.match(bar, /^\/mnt\/huge {10}2M {2}100M {7}40M {3}10M {3}90M {2}\[#+=+\.+\]$/)
    t.equal(none, '/mnt/other         2M  100M       40M     -   90M  -')
  }
})

t.test('where no mount has a bar there is no column of them, unless asked for', async (t) => {
  const { size, minSize, ...free } = mount
  const wide = { terminal: 100, columns: ['TARGET', 'USED', 'USE'] }
  t.equal(
    await table([free], { ...wide, whereRoom: ['USE'] }),
    'TARGET     USED\n/mnt/huge   10M\n',
  )
  t.equal(await table([free], wide), 'TARGET     USED  USE\n/mnt/huge   10M  -\n')
})

t.test('raw and pairs have a bar as one field, and nothing as every format has it', async (t) => {
  const { used, ...unseen } = mount
  const raw = await table([mount, unseen], { raw: true, columns: ['USED', 'USE'] })
  t.equal(raw, 'USED USE\n10M [##======............]\n- -\n')
  const pairs = await table([mount, unseen], { pairs: true, columns: ['USED', 'USE'] })
  t.equal(pairs, 'USED="10M" USE="[##======............]"\nUSED="" USE=""\n')
})
