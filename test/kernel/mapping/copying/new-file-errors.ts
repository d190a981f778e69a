import t from 'tap'
import { HugepoolError } from '../../../../src/errors.ts'
import {
  explainHugeFile,
  explainNewFile,
  explainStream,
} from '../../../../src/kernel/mapping/copying/new-file-errors.ts'
import { type Errno, systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'

const told = (explain: typeof explainNewFile, errno: Errno) => {
  const error = explain(systemError(errno, 'linkat'), '/a')
  if (!(error instanceof HugepoolError)) return error
  return `${error.code} ${error.reason}: ${error.message}: ${error.hint}`
}

const usual = {
  ENOENT: 'E_REFUSED changed: /a: its directory has gone meanwhile: undefined',
  EEXIST:
    'E_REFUSED exists: /a: somebody else made it meanwhile; nothing was left behind: --force replaces it',
  EACCES:
    'E_PERMISSION no-permission: /a: permission denied: the owner and mode of the directory decide who may make files in it',
  EPERM:
    'E_PERMISSION no-permission: /a: the directory lets only the owner of a file replace it: undefined',
  EROFS: 'E_PERMISSION read-only: /a: read-only file system: undefined',
  EDQUOT:
    'E_KERNEL limit: /a: the disk quota is used up (EDQUOT); nothing was left behind: undefined',
  EFBIG:
    "E_KERNEL limit: /a: the file would be too large (EFBIG): 'ulimit -f' is the limit of this shell",
  EIO: 'E_KERNEL kernel: /a: input/output error (EIO): undefined',
} as const

t.test('errors of making, filling and naming a file', async (t) => {
  for (const explain of [explainNewFile, explainHugeFile])
    for (const [errno, words] of Object.entries(usual))
      t.equal(told(explain, errno as Errno), words)
})

t.test('what is used up on a disk, and on a hugetlbfs', async (t) => {
  t.equal(
    told(explainNewFile, 'ENOSPC'),
    'E_KERNEL limit: /a: no space left on device (ENOSPC); nothing was left behind: undefined',
  )
  t.equal(
    told(explainHugeFile, 'ENOSPC'),
    "E_KERNEL limit: /a: the mount may hold no more files (ENOSPC): 'hugepool mounts -o TARGET,INODES,FILES' shows how many it may hold",
  )
})

t.test('a fault stays what it is', async (t) => {
  const fault = new TypeError('a fault')
  t.equal(explainNewFile(fault, '/a'), fault)
  t.equal(explainHugeFile(fault, '/a'), fault)
})

t.test('what was written to a stream stays', async (t) => {
  const rest = 'what was written so far is not whole'
  for (const [errno, words] of Object.entries({
    ENOSPC: `E_KERNEL limit: standard output: no space left on device (ENOSPC); ${rest}: undefined`,
    EDQUOT: `E_KERNEL limit: standard output: the disk quota is used up (EDQUOT); ${rest}: undefined`,
    EINVAL:
      'E_KERNEL wrong-file: standard output: cannot be written to (EINVAL), as a file on hugetlbfs: give such a file as TARGET',
    EIO: 'E_KERNEL kernel: standard output: input/output error (EIO): undefined',
  }))
    t.equal(told(explainStream, errno as Errno), words)
})
