import t from 'tap'
import { countedOf } from '../../../src/model/doctor/check-finding.ts'
import type { DoctorFacts, SegmentFacts } from '../../../src/model/doctor/doctor-facts.ts'
import {
  lookAtAddressSpace,
  lookAtFileSize,
  lookAtMapCount,
  lookAtMemfdNoexec,
  lookAtMemlock,
  lookAtUserNamespace,
} from '../../../src/model/doctor/process-checks.ts'
import { type Via, vias } from '../../../src/model/mapping/mapping-request.ts'
import { doctorFacts, ipcLock, plainUser } from '../../helpers/doctor-facts.ts'
import { planOf } from '../../helpers/mapping-plan.ts'
import { M } from '../../helpers/sizes.ts'

type Given = Parameters<typeof doctorFacts>[0]

const self = { words: '', process: 'self', hasBorrowedLimits: false } as const
const other = { ...self, process: '77' } as const
const unit = { ...self, process: '77', unit: 'db.service' } as const
const borrowing = { ...self, hasBorrowedLimits: true } as const

const needs = { bytes: 8n * M }
const noRoom = 'ENOMEM: no room for 8M in the address space'

const spaceOf = (given: Given) => lookAtAddressSpace(doctorFacts(given))

t.test('no processor has room for so much', async (t) => {
  const asking = (pages: bigint, subject: DoctorFacts['subject'] = self) =>
    spaceOf({ plan: { ...planOf('2M=4'), pages }, subject, limits: { addressSpace: 1n } })
  const refused = {
    result: 'fail',
    has: 'less than 64T',
    needs: { bytes: 2n ** 46n },
    why: 'ENOMEM: no room for 64T in the address space',
    hints: ['most processors have no room for so much in one process: ask for less than 64T'],
  }
  t.strictSame(asking(2n ** 25n), refused)
  t.strictSame(asking(2n ** 25n, borrowing), refused, 'whatever the limits are')
  t.strictSame(asking(2n ** 25n - 1n).has, { bytes: 1n })
})

t.test('RLIMIT_AS counts all mappings', async (t) => {
  t.strictSame(spaceOf({ subject: other }), {
    result: 'unknown',
    needs,
    why: '/proc/77/limits cannot be read',
  })
  t.strictSame(spaceOf({ limits: { addressSpace: 'unlimited' } }), {
    result: 'ok',
    has: 'unlimited',
    needs,
  })
  const well = { result: 'ok', has: { bytes: 10n * M }, needs }
  const limits = { addressSpace: 10n * M }
  t.strictSame(spaceOf({ limits }), well)
  t.strictSame(spaceOf({ limits, space: { mapped: 2n * M } }), well)
  t.strictSame(spaceOf({ limits, space: { mapped: 2n * M + 1n } }), {
    result: 'fail',
    has: { bytes: 8n * M - 1n },
    needs,
    why: noRoom,
    hints: ["'prlimit --pid $$ --as=unlimited' raises it"],
  })
  t.strictSame(spaceOf({ limits, space: { mapped: 11n * M }, subject: other }), {
    result: 'fail',
    has: { bytes: 0n },
    needs,
    why: noRoom,
    hints: ["'prlimit --pid 77 --as=unlimited' raises it"],
  })
  t.strictSame(spaceOf({ limits: { addressSpace: 8n * M } }).result, 'ok')
  t.strictSame(spaceOf({ limits: { addressSpace: 8n * M - 1n } }).result, 'fail')
})

t.test('RLIMIT_DATA counts private mappings', async (t) => {
  const limits = { addressSpace: 'unlimited', dataSize: 9n * M } as const
  const well = { result: 'ok', has: 'unlimited', needs }
  t.strictSame(spaceOf({ limits }), well)
  t.strictSame(spaceOf({ limits, space: { data: M } }), well)
  const refused = {
    result: 'fail',
    has: { bytes: 8n * M - 1n },
    needs,
    why: noRoom,
    hints: ["'prlimit --pid $$ --data=unlimited' raises it"],
  }
  const space = { data: M + 1n }
  t.strictSame(spaceOf({ limits, space }), refused)
  t.strictSame(spaceOf({ limits, space, subject: unit }), {
    ...refused,
    hints: ["'systemctl edit db.service' with LimitDATA=infinity raises it"],
  })
  t.strictSame(
    spaceOf({ limits, space, plan: planOf('2M=4', { sharing: 'shared' }) }),
    well,
    'a shared mapping is no data',
  )
  t.strictSame(spaceOf({ limits: { ...limits, dataSize: 8n * M } }), well)
  t.strictSame(spaceOf({ limits: { ...limits, dataSize: 8n * M - 1n } }), refused)
  t.strictSame(spaceOf({ limits: { ...limits, dataSize: 'unlimited' }, space }), well)
})

t.test('the command that raises a limit is for whom it is', async (t) => {
  const hintsIn = (subject: DoctorFacts['subject']) =>
    spaceOf({ limits: { addressSpace: M }, subject }).hints
  t.strictSame(hintsIn(self), ["'prlimit --pid $$ --as=unlimited' raises it"])
  t.strictSame(hintsIn(other), ["'prlimit --pid 77 --as=unlimited' raises it"])
  t.strictSame(hintsIn(unit), ["'systemctl edit db.service' with LimitAS=infinity raises it"])
})

t.test('limits that PAM may set otherwise tell nothing for sure', async (t) => {
  t.strictSame(spaceOf({ limits: { addressSpace: M }, subject: borrowing }), {
    result: 'unknown',
    has: { bytes: M },
    needs,
    why: 'that is the limit here; PAM sets the one of the user',
  })
  t.strictSame(spaceOf({ limits: { addressSpace: 8n * M }, subject: borrowing }), {
    result: 'ok',
    has: needs,
    needs,
  })
})

t.test('each mapping counts in vm.max_map_count', async (t) => {
  const found = (space: DoctorFacts['space']) =>
    lookAtMapCount(doctorFacts({ plan: planOf('2M=0:2,1:2'), space }))
  const unseen = {
    result: 'ok',
    needs: countedOf(2n, 'mapping'),
    why: 'its mappings are not shown; few processes have so many',
  }
  t.strictSame(found({}), unseen)
  t.strictSame(found({ mappings: 9n }), unseen)
  t.strictSame(found({ mostMappings: 1n }), unseen)
  t.strictSame(found({ mappings: 7n, mostMappings: 10n }), {
    result: 'ok',
    has: countedOf(3n, 'mapping'),
    needs: countedOf(2n, 'mapping'),
  })
  t.strictSame(found({ mappings: 8n, mostMappings: 10n }), {
    result: 'ok',
    has: countedOf(2n, 'mapping'),
    needs: countedOf(2n, 'mapping'),
  })
  const refused = (mappings: bigint, has: bigint, most: bigint) => ({
    result: 'fail',
    has: countedOf(has, 'mapping'),
    needs: countedOf(2n, 'mapping'),
    why: `ENOMEM: the process has ${mappings} mappings, and vm.max_map_count allows 10`,
    hints: [`'sysctl vm.max_map_count=${most}' allows more`],
  })
  t.strictSame(found({ mappings: 9n, mostMappings: 10n }), refused(9n, 1n, 11n))
  t.strictSame(found({ mappings: 12n, mostMappings: 10n }), refused(12n, 0n, 14n))
})

const segmentsWith = (memlockCounts: boolean): SegmentFacts => ({
  rights: {},
  sameNamespace: true,
  basePage: 4096n,
  memlockCounts,
})

t.test('locked memory is told, and refuses nothing', async (t) => {
  const found = (memlock: bigint | 'unlimited', rest: Given = {}) =>
    lookAtMemlock(doctorFacts({ limits: { memlock }, ...rest }))
  t.equal(lookAtMemlock(doctorFacts()), undefined)
  const why = 'counts only for a program that locks its memory, or pins it for devices'
  t.strictSame(found('unlimited'), { result: 'ok', has: 'unlimited' })
  t.strictSame(found(8n * M), { result: 'ok', has: needs })
  const low = 8n * M - 1n
  t.strictSame(found(low), { result: 'ok', has: { bytes: low }, why })
  t.strictSame(found(low, { identity: plainUser }), {
    result: 'ok',
    has: { bytes: low },
    why,
  })
  t.strictSame(found(low, { identity: { ...plainUser, capabilities: ipcLock } }), {
    result: 'ok',
    has: { bytes: low },
  })
})

t.test('locked memory decided about segments before Linux 5.18', async (t) => {
  const needed = (via: Via, segments?: SegmentFacts) =>
    lookAtMemlock(
      doctorFacts({
        limits: { memlock: 'unlimited' },
        plan: planOf('2M=4', { via }),
        ...(segments && { segments }),
      }),
    )?.needs
  t.strictSame(needed('shm', segmentsWith(true)), needs)
  t.equal(needed('shm', segmentsWith(false)), undefined)
  t.equal(needed('shm'), undefined)
  t.equal(needed('anon', segmentsWith(true)), undefined)
  const toldOf = (memlock: bigint, identity?: DoctorFacts['identity']) =>
    lookAtMemlock(
      doctorFacts({
        limits: { memlock },
        plan: planOf('2M=4', { via: 'shm' }),
        segments: segmentsWith(true),
        ...(identity && { identity }),
      }),
    )
  const low = { bytes: 8n * M - 1n }
  t.strictSame(toldOf(8n * M - 1n, plainUser), {
    result: 'ok',
    has: low,
    needs,
    why: 'lets no segment of this size in: before Linux 5.18 it has to be as large',
  })
  t.strictSame(toldOf(8n * M, plainUser), { result: 'ok', has: needs, needs })
  t.strictSame(toldOf(8n * M - 1n, { ...plainUser, capabilities: ipcLock }), {
    result: 'ok',
    has: low,
    needs,
  })
})

t.test('the length of a file can be limited', async (t) => {
  const found = (via: Via, fileSize?: bigint | 'unlimited', rest: Given = {}) =>
    lookAtFileSize(
      doctorFacts({
        plan: planOf('2M=0:1,1:3', { via }),
        limits: fileSize === undefined ? {} : { fileSize },
        ...rest,
      }),
    )
  t.equal(found('anon', 1n), undefined)
  t.equal(found('shm', 1n), undefined)
  t.equal(found('file'), undefined)
  const most = { bytes: 6n * M }
  t.strictSame(found('file', 'unlimited'), { result: 'ok', has: 'unlimited', needs: most })
  t.strictSame(found('memfd', 6n * M), { result: 'ok', has: most, needs: most })
  const told = {
    result: 'warn',
    has: { bytes: 6n * M - 1n },
    needs: most,
    why: 'a program that sets the length to 6M (ftruncate) dies of SIGXFSZ; mmap does not look',
    hints: ["'prlimit --pid $$ --fsize=unlimited' raises it"],
  }
  t.strictSame(found('file', 6n * M - 1n), told)
  t.strictSame(found('memfd', 6n * M - 1n), told)
  t.strictSame(found('memfd', 6n * M - 1n, { subject: unit }), {
    ...told,
    hints: ["'systemctl edit db.service' with LimitFSIZE=infinity raises it"],
  })
  t.strictSame(
    found('memfd', 6n * M - 1n, { plan: planOf('2M=0:3,1:1', { via: 'memfd' }) }),
    told,
    'the largest of the files counts, whichever it is',
  )
})

t.test('vm.memfd_noexec', async (t) => {
  const found = (memfdNoexec?: bigint, via: Via = 'memfd') =>
    lookAtMemfdNoexec(
      doctorFacts({
        plan: planOf('2M=4', { via }),
        ...(memfdNoexec === undefined ? {} : { memfdNoexec }),
      }),
    )
  t.equal(found(), undefined)
  t.equal(found(2n, 'file'), undefined)
  t.strictSame(found(0n), { result: 'ok', has: 'vm.memfd_noexec=0' })
  t.strictSame(found(1n), { result: 'ok', has: 'vm.memfd_noexec=1' })
  t.strictSame(found(2n), {
    result: 'warn',
    has: 'vm.memfd_noexec=2',
    why: 'a program that makes a memfd without MFD_NOEXEC_SEAL is refused (EACCES)',
    hints: ["'sysctl vm.memfd_noexec=1' lets such programs in"],
  })
})

t.test('a user namespace matters to segments and mounts', async (t) => {
  const found = (via: Via, identity?: DoctorFacts['identity']) =>
    lookAtUserNamespace(
      doctorFacts({ plan: planOf('2M=4', { via }), ...(identity && { identity }) }),
    )
  const told = {
    result: 'warn',
    why: 'its root is not that of the machine: CAP_IPC_LOCK does not count, and nobody mounts hugetlbfs there',
  }
  const inside = { ...plainUser, ofMachine: false }
  t.strictSame(
    vias.map((via) => [via, found(via, inside)]),
    [
      ['anon', undefined],
      ['file', told],
      ['memfd', undefined],
      ['shm', told],
    ],
  )
  t.equal(found('shm', plainUser), undefined)
  t.equal(found('file'), undefined)
})
