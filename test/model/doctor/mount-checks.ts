import t from 'tap'
import { unsupported } from '../../../src/errors.ts'
import { countedOf } from '../../../src/model/doctor/check-finding.ts'
import type { DoctorFacts } from '../../../src/model/doctor/doctor-facts.ts'
import {
  lookAtHiding,
  lookAtInodes,
  lookAtMinimum,
  lookAtMounting,
  lookAtMountSize,
  lookAtNoexec,
  lookAtPermission,
  lookAtReadOnly,
} from '../../../src/model/doctor/mount-checks.ts'
import type { ChosenMount, FileFacts } from '../../../src/model/doctor/mount-facts.ts'
import type { MountRoom } from '../../../src/model/mapping/reasons/fault-facts.ts'
import type { HugetlbfsMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import type { DirectoryAccess } from '../../../src/model/processes/directory-access.ts'
import type { ProcessIdentity } from '../../../src/model/processes/process-identity.ts'
import { dacOverride, doctorFacts, plainUser } from '../../helpers/doctor-facts.ts'
import { planOf } from '../../helpers/mapping-plan.ts'
import { M } from '../../helpers/sizes.ts'

const mountOn = (target: string, more: Partial<HugetlbfsMount> = {}): HugetlbfsMount => ({
  target,
  device: '0:39',
  source: 'none',
  pageSize: 2n * M,
  uid: 0,
  gid: 0,
  mode: '0755',
  options: 'rw,pagesize=2M',
  hidden: false,
  ...more,
})

const open = mountOn('/mnt/huge')
const readOnly = mountOn('/mnt/ro', { options: 'ro,pagesize=2M' })
const hidden = mountOn('/mnt/hidden', { hidden: true })
const hiddenToo = mountOn('/mnt/too', { hidden: true, options: 'ro' })

const anywhere = planOf('2M=4', { via: 'file' })
const named = planOf('2M=4', { via: 'file', mount: '/mnt/named' })

const files = (mount: FileFacts, plan = anywhere): DoctorFacts => doctorFacts({ plan, mount })

const chosenIn = (rest: Partial<ChosenMount> = {}): FileFacts => ({
  fit: [],
  chosen: { directory: '/mnt/huge/app', mount: open, ...rest },
})

t.test('mappings that are no files meet no mount', async (t) => {
  const facts = doctorFacts(
    { identity: plainUser },
    { mount: { target: '/', free: 0n, least: 0n } },
  )
  for (const look of [
    lookAtMounting,
    lookAtHiding,
    lookAtReadOnly,
    lookAtPermission,
    lookAtNoexec,
    lookAtInodes,
    lookAtMountSize,
    lookAtMinimum,
  ])
    t.equal(look(facts), undefined)
})

t.test('where none is chosen there is none to look at', async (t) => {
  for (const look of [lookAtPermission, lookAtNoexec, lookAtInodes])
    t.equal(look(files({ fit: [open] })), undefined)
})

t.test('a mount that fits is there, if only to be refused later', async (t) => {
  const there = (has: string) => ({ result: 'ok', has, needs: '2M' })
  t.strictSame(lookAtMounting(files(chosenIn())), there('/mnt/huge'))
  t.strictSame(lookAtMounting(files(chosenIn(), named)), there('/mnt/huge'))
  t.strictSame(lookAtMounting(files({ fit: [hidden, hiddenToo] })), there('/mnt/hidden'))
  t.strictSame(lookAtMounting(files({ fit: [readOnly] })), there('/mnt/ro'))
  t.strictSame(lookAtMounting(files({ fit: [hidden, readOnly] })), there('/mnt/hidden'))
})

t.test('no mount is there', async (t) => {
  const usual = "'hugepool mount DIR --pagesize 2M --mkdir' makes one; --via memfd needs none"
  const none = {
    result: 'fail',
    needs: '2M',
    why: 'no hugetlbfs is mounted',
    hints: [usual],
  }
  t.strictSame(lookAtMounting(files({ fit: [] })), none)
  t.strictSame(lookAtMounting(files({ fit: [open] })), none)
  t.strictSame(lookAtMounting(files({ fit: [open, readOnly] })), none)
  t.strictSame(lookAtMounting(files({ fit: [hidden] }, named)), none)
  t.strictSame(lookAtMounting(files({ fit: [readOnly] }, named)), none)
  const error = unsupported('not-mounted', 'nothing there', 'do this\nor that')
  t.strictSame(lookAtMounting(files({ fit: [], error })), {
    result: 'fail',
    needs: '2M',
    why: 'nothing there',
    hints: ['do this', 'or that'],
  })
  const bare = unsupported('not-mounted', 'nothing there')
  t.strictSame(lookAtMounting(files({ fit: [], error: bare })), {
    result: 'fail',
    needs: '2M',
    why: 'nothing there',
    hints: [usual],
  })
})

t.test('mounts that are all hidden', async (t) => {
  t.strictSame(lookAtHiding(files(chosenIn())), { result: 'ok' })
  t.strictSame(lookAtHiding(files({ ...chosenIn(), fit: [hidden] })), { result: 'ok' })
  t.strictSame(lookAtHiding(files({ fit: [hidden, hiddenToo] })), {
    result: 'fail',
    has: '/mnt/hidden, /mnt/too',
    why: 'another mount lies over /mnt/hidden, /mnt/too',
    hints: ["'umount /mnt/hidden' takes away what lies over it"],
  })
  t.equal(lookAtHiding(files({ fit: [hidden] }, named)), undefined)
  t.equal(lookAtHiding(files({ fit: [hidden, open] })), undefined)
  t.equal(lookAtHiding(files({ fit: [] })), undefined)
})

t.test('mounts that are all read-only', async (t) => {
  const refused = (target: string) => ({
    result: 'fail',
    has: 'ro',
    needs: 'rw',
    why: `${target}: the mount is read-only (EROFS)`,
    hints: [`'mount -o remount,rw ${target}' makes it writable`],
  })
  const writable = { result: 'ok', has: 'rw', needs: 'rw' }
  t.strictSame(lookAtReadOnly(files(chosenIn())), writable)
  t.strictSame(lookAtReadOnly(files({ ...chosenIn(), fit: [readOnly] })), writable)
  t.strictSame(lookAtReadOnly(files(chosenIn({ mount: readOnly }))), refused('/mnt/ro'))
  t.strictSame(lookAtReadOnly(files(chosenIn({ mount: readOnly }), named)), refused('/mnt/ro'))
  t.strictSame(lookAtReadOnly(files({ fit: [hiddenToo, readOnly] })), refused('/mnt/ro'))
  t.equal(lookAtReadOnly(files({ fit: [readOnly] }, named)), undefined)
  t.equal(lookAtReadOnly(files({ fit: [hiddenToo] })), undefined)
  t.equal(lookAtReadOnly(files({ fit: [readOnly, open] })), undefined)
  t.equal(lookAtReadOnly(files({ fit: [] })), undefined)
})

const directory = (path: string, mode: number, group = 100n): DirectoryAccess => ({
  path,
  user: 0n,
  group,
  mode,
})

const permitted = (
  access: readonly DirectoryAccess[] | undefined,
  identity: ProcessIdentity | undefined = plainUser,
) =>
  lookAtPermission({
    ...files(chosenIn(access && { access })),
    identity,
  })

t.test('who may make files', async (t) => {
  const unseen = { result: 'unknown', why: 'who may write to /mnt/huge/app cannot be seen' }
  t.strictSame(permitted(undefined), unseen)
  const own = directory('/mnt/huge/app', 0o770)
  t.strictSame(lookAtPermission(files(chosenIn({ access: [own] }))), unseen)
  const needs = '1000:100'
  const closed = directory('/mnt/huge', 0o7)
  t.strictSame(permitted([own]), { result: 'ok', has: '0:100 0770', needs })
  t.strictSame(permitted([own, directory('/mnt', 0o711)]), {
    result: 'ok',
    has: '0:100 0770',
    needs,
  })
  t.strictSame(permitted([]), { result: 'ok', has: '-', needs })
  t.strictSame(permitted([own, closed], { ...plainUser, capabilities: dacOverride }), {
    result: 'ok',
    has: '0:100 0770',
    needs,
  })
  const refused = (path: string, has: string) => ({
    result: 'fail',
    has,
    needs,
    why: `${path}: permission denied (EACCES)`,
    hints: [
      `'chgrp 100 ${path}' and 'chmod g+rwx ${path}' let that group in; --via memfd needs no mount`,
    ],
  })
  t.strictSame(
    permitted([directory('/mnt/huge/app', 0o755, 0n)]),
    refused('/mnt/huge/app', '0:0 0755'),
  )
  t.strictSame(permitted([own, closed]), refused('/mnt/huge', '0:100 0007'))
})

t.test('code is mapped unless the mount forbids it', async (t) => {
  const found = (options: string) =>
    lookAtNoexec(files(chosenIn({ mount: mountOn('/mnt/huge', { options }) })))
  t.strictSame(found('rw,nosuid'), { result: 'ok' })
  t.strictSame(found('rw,noexec,relatime'), {
    result: 'warn',
    has: 'noexec',
    why: 'a program that maps code there is refused (EPERM)',
  })
})

t.test('each mapping is a file', async (t) => {
  const two = planOf('2M=0:2,1:2', { via: 'file' })
  const limited = mountOn('/mnt/few', { inodes: 9n })
  const found = (rest: Partial<ChosenMount>) => lookAtInodes(files(chosenIn(rest), two))
  t.equal(found({ inodes: 0n }), undefined, 'without a limit')
  t.strictSame(found({ mount: limited }), {
    result: 'unknown',
    needs: countedOf(2n, 'file'),
    why: 'how many files /mnt/few has cannot be seen',
  })
  t.strictSame(found({ mount: limited, inodes: 3n }), {
    result: 'ok',
    has: countedOf(3n, 'file'),
    needs: countedOf(2n, 'file'),
  })
  t.strictSame(found({ mount: limited, inodes: 2n }), {
    result: 'ok',
    has: countedOf(2n, 'file'),
    needs: countedOf(2n, 'file'),
  })
  t.strictSame(found({ mount: limited, inodes: 1n }), {
    result: 'fail',
    has: countedOf(1n, 'file'),
    needs: countedOf(2n, 'file'),
    why: '/mnt/few: the mount may hold no more files (ENOSPC)',
    hints: [
      "'hugepool files' shows what can be removed",
      "'hugepool umount /mnt/few' and 'hugepool mount /mnt/few --pagesize 2M --nr-inodes 10', with its other options, make a larger one without the files of this one",
    ],
  })
})

const inRoom = (room?: Omit<MountRoom, 'target'>): DoctorFacts =>
  doctorFacts(
    { plan: anywhere, mount: chosenIn() },
    room && { mount: { target: '/mnt/huge', ...room } },
  )

t.test('the size limit of a mount', async (t) => {
  const needs = { bytes: 8n * M }
  t.equal(lookAtMountSize(inRoom()), undefined)
  t.equal(lookAtMountSize(inRoom({ least: 4n * M })), undefined)
  t.strictSame(lookAtMountSize(inRoom({ free: 8n * M })), {
    result: 'ok',
    has: { bytes: 8n * M },
    needs,
  })
  t.strictSame(lookAtMountSize(inRoom({ free: 6n * M })), {
    result: 'fail',
    has: { bytes: 6n * M },
    needs,
    why: 'the mount /mnt/huge is full: its size limit leaves 3 pages, while the pool has 10 available',
    hints: [
      "mount anew with a larger --size, which takes away the files of the old mount: 'hugepool mounts' shows the limits",
    ],
  })
})

t.test('what is typed for a larger mount', async (t) => {
  const hintsOf = (target: string) =>
    lookAtMountSize(
      doctorFacts(
        { plan: anywhere, mount: chosenIn({ mount: mountOn(target, { size: 20n * M }) }) },
        { mount: { target, free: 6n * M } },
      ),
    )?.hints
  const larger = ', with its other options, make a larger one without the files of this one'
  t.strictSame(hintsOf('/mnt/huge'), [
    `'hugepool umount /mnt/huge' and 'hugepool mount /mnt/huge --pagesize 2M --size 22M'${larger}`,
  ])
  t.strictSame(hintsOf('/mnt/my huge'), [
    `"hugepool umount '/mnt/my huge'" and "hugepool mount '/mnt/my huge' --pagesize 2M --size 22M"${larger}`,
  ])
})

t.test('copies of a private file count in the size limit of its mount', async (t) => {
  const plan = planOf('2M=4', { via: 'file', sharing: 'private' })
  const forking = (more: Partial<DoctorFacts>, free: bigint) => {
    const found = lookAtMountSize({ ...inRoom({ free }), fork: true, ...more })
    return [found?.result, found?.needs]
  }
  t.strictSame(forking({ plan }, 15n * M), ['fail', { bytes: 16n * M }])
  t.strictSame(forking({ plan }, 16n * M), ['ok', { bytes: 16n * M }])
  t.strictSame(forking({}, 8n * M), ['ok', { bytes: 8n * M }], 'a shared one is not copied')
})

t.test('what a mount keeps reserved', async (t) => {
  t.equal(lookAtMinimum(inRoom()), undefined)
  t.equal(lookAtMinimum(inRoom({ free: 4n * M })), undefined)
  t.strictSame(lookAtMinimum(inRoom({ least: 4n * M })), {
    result: 'ok',
    has: { bytes: 4n * M },
    needs: { bytes: 8n * M },
    why: 'reserved for files on /mnt/huge',
  })
})

t.test('who cannot mount is not told to', async (t) => {
  const hints = (identity: ProcessIdentity) =>
    lookAtMounting({ ...files({ fit: [] }), identity })?.hints
  const usual = ["'hugepool mount DIR --pagesize 2M --mkdir' makes one; --via memfd needs none"]
  const elsewhere = [
    "hugetlbfs cannot be mounted from here: mount it outside of the container, and have its manager bind-mount the directory, as Kubernetes does with a volume of 'emptyDir: {medium: HugePages-2Mi}'; --via memfd needs none",
  ]
  const root = { ...plainUser, user: 0n, capabilities: 1n << 21n }
  t.strictSame(hints(plainUser), usual, 'he may ask root')
  t.strictSame(hints(root), usual)
  t.strictSame(hints({ ...root, capabilities: 0n }), elsewhere)
  t.strictSame(hints({ ...root, ofMachine: false }), elsewhere)
  t.strictSame(hints({ ...plainUser, ofMachine: false }), elsewhere)
})

t.test('access(2) knows more than owners and modes tell', async (t) => {
  const own = directory('/mnt/huge/app', 0o755, 65534n)
  const above = directory('/mnt', 0o700)
  const found = (mayWrite: boolean, identity: ProcessIdentity, access = [own]) =>
    lookAtPermission({ ...files(chosenIn({ access, mayWrite })), identity })
  t.equal(found(true, plainUser)?.result, 'ok')
  const owner = { ...plainUser, user: 0n }
  t.equal(found(true, owner)?.result, 'ok')
  const refused = {
    result: 'fail',
    has: '0:65534 0755',
    needs: '0:100',
    why: '/mnt/huge/app: permission denied (EACCES)',
    hints: [
      "'chgrp 100 /mnt/huge/app' and 'chmod g+rwx /mnt/huge/app' let that group in; --via memfd needs no mount",
    ],
  }
  t.strictSame(found(false, owner), refused)
  const inside = (count: bigint) => ({
    ...owner,
    ofMachine: false,
    groupMap: [{ inside: 100n, outside: 5100n, count }],
  })
  const hint = (group: string) =>
    `'chgrp ${group} /mnt/huge/app' and 'chmod g+rwx /mnt/huge/app', typed as root of the machine outside of the user namespace, let that group in; --via memfd needs no mount`
  t.strictSame(found(false, inside(1n)), { ...refused, hints: [hint('5100')] })
  t.strictSame(found(false, inside(0n)), { ...refused, hints: [hint('GID')] })
  t.equal(found(false, plainUser, [own, above])?.why, '/mnt: permission denied (EACCES)')
})
