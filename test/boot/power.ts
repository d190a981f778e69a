import t from 'tap'
import { ownDisk, recover, textOn } from './support/disk.ts'
import { boot, start } from './support/machine.ts'
import {
  type Changing,
  cutsOf,
  logChanges,
  markedScript,
  markedTexts,
  strictTable,
  type Texts,
  torn,
} from './support/power.ts'
import { seeded, seedOfRun } from './support/seeded.ts'

t.setTimeout(1_800_000)

const rounds = 4

/** Of the machine that is killed: the other one has Debian's own. */
const series = '6.12'

/** Written without care, to see that a file that is not whole is found. */
const careless = '/root/careless'

/** Nobody but the test writes it. */
const configuration = '/etc/hugepool.toml'

/** There after the first round, and gone after the third. */
const unit = '/etc/systemd/system/hugepool.service'

/**
 * Each change has texts of the first two files that no other has. What `apply` does is in the kernel,
 * and its record of mounts is on /run, both of which end with the power: it is to harm no file.
 */
const changing: Changing = {
  paths: ['/etc/hugepool.d/50-hugepool.toml', '/etc/fstab', unit, configuration, careless],
  script: `for round in $(seq ${rounds}); do
      hugepool resize 2M=$round --persist
      changed
      hugepool mount /mnt/$round --mkdir --size 4M --persist fstab
      case $round in
        1) hugepool service install ;;
        3) hugepool service remove ;;
      esac
      sysctl -q vm.nr_hugepages=0
      hugepool apply
      umount /run/own
      seq $round 199 >${careless}
      changed
    done`,
}

/** What is there before: `apply` has pages to get and something to mount in every round. */
const files = {
  '/etc/fstab': strictTable,
  [configuration]: '[mounts."/run/own"]\npage-size = "2M"\nmkdir = true\n',
}

const countIn = (text: string | undefined): number =>
  Number(/^pages = (\d+)$/m.exec(text ?? '')?.[1] ?? 0)

const linesIn = (text: string | undefined): number => text?.match(/ hugetlbfs /g)?.length ?? 0

t.test(
  'power that fails at forty moments leaves each file as it was or as it is to be',
  async (t) => {
    const seed = seedOfRun()
    t.comment(`HUGEPOOL_BOOT_SEED=${seed}`)
    const logged = await logChanges(t, changing, files)
    t.strictSame(
      logged.marks.map(({ texts: [own, table] }) => [countIn(own), linesIn(table)]),
      [...Array(2 * rounds + 1).keys()].map((done) => [Math.ceil(done / 2), Math.floor(done / 2)]),
      'it was changed as is meant',
    )
    const found = torn(t, logged, cutsOf(logged, 40, seeded(seed)))
    const [lost, others] = [true, false].map((is) =>
      found.filter(({ path }) => (path === careless) === is),
    )
    t.strictSame(others, [])
    t.ok(lost?.length, 'a file that nobody asked to be written is lost at times')
  },
)

t.test('a machine that is killed comes up again with whole files', async (t) => {
  const seed = seedOfRun()
  t.comment(`HUGEPOOL_BOOT_SEED=${seed}`)
  const disk = ownDisk(t)
  const told: Texts[] = []
  const machine = start(t, {
    disk,
    series,
    files,
    script: markedScript(changing),
    heard: (line) => {
      const texts = markedTexts(line)
      if (texts !== undefined) told.push(texts)
    },
  })
  const random = seeded(seed)
  const changes = 1 + Math.floor(random() * rounds)
  await machine.until(() => told.length > changes)
  await new Promise((done) => setTimeout(done, random() * 3000))
  machine.kill()
  await machine.ended
  const counted = (texts: Texts): readonly number[] => [countIn(texts[0]), linesIn(texts[1])]
  const last = told.at(-1) ?? []
  const script = markedScript({ ...changing, script: 'systemctl is-system-running --wait || :' })
  const said = await boot(t, { disk, series, script })
  const found = said.split('\n').flatMap((line) => markedTexts(line) ?? [])
  recover(disk)
  t.strictSame(
    changing.paths.map((path) => textOn(disk, path)),
    found,
  )
  const [pages = 0, lines = 0] = counted(found)
  const [before = 0, linesBefore = 0] = counted(last)
  t.ok(pages - before <= 1 && pages >= before, `${before} pages, then ${pages}`)
  t.ok(lines - linesBefore <= 1 && lines >= linesBefore, `${linesBefore} lines, then ${lines}`)
  t.equal(said.split('\n').at(-2), 'running', 'nothing failed')
})
