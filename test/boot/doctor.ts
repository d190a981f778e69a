import t from 'tap'
import { doctorSchema } from '../../src/output/schemas/doctor-schema.ts'
import { errorSchema } from '../../src/output/schemas/parts.ts'
import { parseExact } from '../helpers/json.ts'
import { unitDirectory } from './support/configured.ts'
import { ownDisk } from './support/disk.ts'
import { runStage } from './support/stages.ts'

t.setTimeout(1_800_000)

const unit = (name: string, lines: string) => ({
  [`${unitDirectory}/${name}`]: `[Service]\nExecStart=/bin/sleep infinity\n${lines}`,
})

const escaped = 'esc\\x2daped@a\\x2db.service'

const files = {
  ...unit('bound.service', 'NUMAPolicy=bind\nNUMAMask=1\n'),
  ...unit('ambient.service', 'User=daemon\nAmbientCapabilities=CAP_IPC_LOCK\nLimitMEMLOCK=64K\n'),
  ...unit('dynamic.service', 'DynamicUser=yes\nLimitMEMLOCK=64K\n'),
  ...unit('esc\\x2daped@.service', ''),
  ...unit('user@.service', 'Slice=user-%i.slice\n'),
}

const setUp = `hugepool resize 2M=0:4,1:4 >/dev/null
  cd /sys/fs/cgroup
  echo +hugetlb >cgroup.subtree_control
  echo +hugetlb >system.slice/cgroup.subtree_control
  systemctl start bound ambient '${escaped}' user.slice
  for slice in system.slice/system-esc*.slice; do echo +hugetlb >"$slice/cgroup.subtree_control"; done
  echo 4M >"$(systemctl show -p ControlGroup --value '${escaped}' | cut -c 2-)/hugetlb.2MB.max"
  echo 4M >user.slice/hugetlb.2MB.max`

/** What is asked of which unit. */
const asked: readonly (readonly [string, string])[] = [
  ['2M=5', 'bound'],
  ['2M=3 --via shm', 'ambient'],
  ['2M=3', escaped],
  ['2M=2', escaped],
  ['2M=3', 'user@1000'],
  ['2M=3 --via shm', 'dynamic'],
  ['2M=3', 'none'],
  ['2M=3', 'user@.service'],
]

const ask = ([words, name]: readonly [string, string]) =>
  `hugepool doctor ${words} --unit '${name}' --try --json 2>/dev/null || :`

t.test('prediction and trial agree in units of systemd', async (t) => {
  const parts = [setUp, ...asked.map(ask), 'journalctl -b -p err -o cat -u "*.service"']
  const { said } = await runStage(t, { parts }, { disk: ownDisk(t), files })
  const [, ...answers] = said
  const told = answers.slice(0, -3).map((text) => {
    const { answer, checks, trial, untried } = doctorSchema.parse(parseExact(text))
    const failed = checks.filter(({ result }) => result === 'fail').map(({ check }) => check)
    const { outcome, differs, without } = trial ?? {}
    return [answer, failed, outcome, differs, without, untried]
  })
  const isInner =
    'the cgroup /sys/fs/cgroup/system.slice: it has controllers for the groups below it, so that it may have no processes itself (EBUSY)'
  t.strictSame(told, [
    ['no', ['node-free'], 'done', false, ['memory policy'], undefined],
    // The test has not the capability by which the unit would get its pages.
    ['unknown', [], 'refused', false, ['RLIMIT_MEMLOCK', 'capabilities'], undefined],
    ['no', ['cgroup-max'], 'partial', false, undefined, undefined],
    ['yes', [], 'done', false, undefined, undefined],
    ['no', ['cgroup-max'], 'partial', false, undefined, undefined],
    ['no', ['shm-group'], undefined, undefined, undefined, isInner],
  ])
  const errors = answers
    .slice(-3, -1)
    .map((text) => errorSchema.parse(parseExact(text)).error.message)
  t.strictSame(errors, ["there is no unit 'none'", "'user@.service' is a template"])
  t.equal(answers.at(-1), '', 'no service has failed')
})
