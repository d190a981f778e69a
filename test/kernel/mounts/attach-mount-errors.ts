import t from 'tap'
import { allClosed, attach, desired, stage } from '../../helpers/mount-stage.ts'

t.test('the option that is rejected is named, with the words of the kernel', async (t) => {
  const said = "e hugetlbfs: Bad value '8388608' for mount option 'size'\n"
  const one = stage(t, 'fsconfig 1 size', 'EINVAL', said)
  t.throws(() => attach(one), {
    code: 'E_KERNEL',
    message:
      "mount /mnt/huge: the kernel rejects size=8388608: hugetlbfs: Bad value '8388608' for mount option 'size'",
  })
  t.equal(one.calls.at(-1), 'fsconfig 1 size 8388608', 'no call after it')
  allClosed(t, one)
})

t.test('where the kernel says nothing', async (t) => {
  const size = stage(t, 'fsconfig 1 pagesize')
  t.throws(() => attach(size), {
    code: 'E_KERNEL',
    message: /rejects pagesize=2M: invalid \(EINVAL\); dmesg may say more$/,
  })
  allClosed(t, size)
  const together = stage(t, 'fsconfig 6')
  t.throws(() => attach(together), { message: /rejects these options together: invalid/ })
  const readOnly = stage(t, 'fsconfig 0 ro')
  t.throws(() => attach(readOnly), { message: /rejects ro: invalid/ })
})

t.test('pages that cannot be reserved', async (t) => {
  const one = stage(t, 'fsconfig 6', 'ENOMEM')
  t.throws(() => attach(one), {
    code: 'E_KERNEL',
    message: 'mount /mnt/huge: the kernel cannot reserve what --min-size guarantees (ENOMEM)',
    hint: 'hugepool list shows what is available',
  })
  allClosed(t, one)
  const { minSize: _, ...without } = desired
  const other = stage(t, 'fsconfig 6', 'ENOMEM')
  t.throws(() => attach(other, without), { message: /no memory for it \(ENOMEM\)$/ })
})

t.test('other errors of each call', async (t) => {
  const table = [
    ['fsopen', 'ENODEV', 'E_UNSUPPORTED', /this kernel has no hugetlbfs/],
    ['fsconfig 1 uid', 'EPERM', 'E_PERMISSION', /operation not permitted/],
    ['fsconfig 6', 'EPERM', 'E_PERMISSION', /operation not permitted/],
    ['fsmount', 'EPERM', 'E_PERMISSION', /operation not permitted/],
    ['fsmount', 'ENOSPC', 'E_KERNEL', /ENOSPC/],
    ['move_mount', 'ENOENT', 'E_REFUSED', /no such directory/],
    ['move_mount', 'EINVAL', 'E_KERNEL', /EINVAL/],
    ['move_mount', 'EPERM', 'E_PERMISSION', /operation not permitted/],
  ] as const
  for (const [call, errno, code, why] of table) {
    const one = stage(t, call, errno)
    const title = `${call} ${errno}`
    t.throws(() => attach(one), { code, message: why }, title)
    t.throws(() => attach(one), { message: /^mount \/mnt\/huge: / }, title)
    allClosed(t, one)
  }
})

t.test('the lack of a capability is named', async (t) => {
  const one = stage(t, 'fsconfig 6', 'EPERM')
  t.throws(() => attach(one), { code: 'E_PERMISSION', hint: /CAP_SYS_ADMIN/ })
})
