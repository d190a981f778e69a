import t from 'tap'
import { HugepoolError } from '../../src/errors.ts'
import { errnoOf, explain, isShortage } from '../../src/kernel/errno.ts'

const errno = (code: string) => Object.assign(new Error(code), { code })

t.test('every errno has its exit status and words', async (t) => {
  const meanings: Readonly<Record<string, readonly [string, RegExp]>> = {
    EACCES: ['E_PERMISSION', /permission denied/],
    EPERM: ['E_PERMISSION', /operation not permitted/],
    EROFS: ['E_PERMISSION', /read-only file system/],
    ENOENT: ['E_UNSUPPORTED', /no such attribute in this kernel/],
    ENOTDIR: ['E_UNSUPPORTED', /not a directory/],
    EINVAL: ['E_KERNEL', /EINVAL/],
    EBUSY: ['E_KERNEL', /EBUSY/],
    ENOMEM: ['E_KERNEL', /ENOMEM/],
    EIO: ['E_KERNEL', /EIO/],
    ENOSPC: ['E_KERNEL', /ENOSPC/],
    EDQUOT: ['E_KERNEL', /the disk quota is used up \(EDQUOT\)/],
    EFBIG: ['E_KERNEL', /the file would be too large \(EFBIG\)/],
    EMFILE: ['E_KERNEL', /too many files are open \(EMFILE\)/],
    ENFILE: ['E_KERNEL', /on this machine \(ENFILE\)/],
    EAGAIN: ['E_KERNEL', /EAGAIN/],
    EXYZ: ['E_KERNEL', /the kernel answers EXYZ/],
  }
  for (const [name, [code, words]] of Object.entries(meanings)) {
    const error = explain(errno(name), '/sys/x') as HugepoolError
    t.match(error, { code, message: /^\/sys\/x: / }, name)
    t.match(error.message, words)
  }
})

t.test('a read-only file system looks like a container', async (t) => {
  t.match(explain(errno('EROFS'), '/sys/x'), { hint: /container/ })
})

t.test('one attribute may give an errno a meaning of its own', async (t) => {
  const special = {
    EINVAL: { code: 'E_UNSUPPORTED', reason: 'cpuset', words: 'not here', hint: 'elsewhere' },
  } as const
  t.match(explain(errno('EINVAL'), '/sys/x', special), {
    code: /^E_UNSUPPORTED$/,
    reason: /^cpuset$/,
    message: /^\/sys\/x: not here$/,
    hint: /^elsewhere$/,
  })
  t.match(explain(errno('EIO'), '/sys/x', special), { code: /^E_KERNEL$/, reason: /^kernel$/ })
})

t.test('what is no error of the system is passed on as it is', async (t) => {
  const own = new HugepoolError('E_USAGE', 'wrong-words', 'words')
  const fault = new TypeError('a fault of the program')
  t.equal(explain(own, '/sys/x'), own)
  t.equal(explain(fault, '/sys/x'), fault)
  t.equal(explain('text', '/sys/x'), 'text')
  t.equal(errnoOf(fault), undefined)
  t.equal(errnoOf(errno('EIO')), 'EIO')
})

t.test('a shortage is known before and after it is put into words', async (t) => {
  for (const [code, lacks] of [
    ['EMFILE', true],
    ['ENFILE', true],
    ['ENOMEM', true],
    ['EAGAIN', true],
    ['EACCES', false],
    ['ENOENT', false],
  ] as const) {
    t.equal(isShortage(errno(code)), lacks, code)
    t.equal(isShortage(explain(errno(code), '/sys/x')), lacks, code)
  }
  t.equal(isShortage(new HugepoolError('E_KERNEL', 'limit', 'EMFILE')), false)
  t.equal(isShortage('EMFILE'), false)
})
