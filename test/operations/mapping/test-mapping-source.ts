import t from 'tap'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { M } from '../../helpers/sizes.ts'
import { refusedOnFake, testOnFake } from '../../helpers/test-on-fake.ts'

const line = (target: string, options = '') =>
  `60 29 0:50 / ${target} rw,relatime - hugetlbfs none rw,pagesize=2M${options}\n`

t.test('the file is made where this user may make one', async (t) => {
  const { status, said } = await testOnFake('2M=2 --via file', (kernel, mapper) => {
    kernel.extra.set('/proc/self/mountinfo', line('/closed') + line('/open', ',size=64M'))
    mapper.closedTo.add('/closed')
    return undefined
  })
  t.equal(status, 0)
  t.equal(said[1], 'an unnamed file on /open')
})

t.test('what lies below a hugetlbfs and is none', async (t) => {
  const { status, stderr } = await refusedOnFake('2M=2 --mount /mnt/huge/tmp', (kernel, mapper) => {
    kernel.extra.set('/proc/self/mountinfo', line('/mnt/huge'))
    mapper.otherPageSize = 4096n
    return undefined
  })
  t.equal(status, 2)
  t.match(stderr, '/mnt/huge/tmp: is on no hugetlbfs with pages of 2M')
})

t.test('a file that cannot be made is told as doctor tells it', async (t) => {
  const status = 'Uid:\t7\t7\t7\t7\nGid:\t8\t8\t8\t8\nGroups:\t9 \nCapEff:\t0\n'
  const opens = "'chgrp 8 /mnt/huge/x' and 'chmod g+rwx /mnt/huge/x' let that group in"
  for (const [errno, expected, said, hint] of [
    ['EACCES', 3, '/mnt/huge/x: permission denied (EACCES)', opens],
    [
      'EROFS',
      3,
      '/mnt/huge: the mount is read-only (EROFS)',
      "'mount -o remount,rw /mnt/huge' makes it writable\n",
    ],
    [
      'ENOSPC',
      1,
      '/mnt/huge: the mount may hold no more files (ENOSPC)',
      "'hugepool files' shows what can be removed\n",
    ],
    ['EIO', 1, '/mnt/huge/x: input/output error (EIO)', ''],
  ] as const) {
    const { status: ended, stderr } = await refusedOnFake(
      '2M=2 --mount /mnt/huge/x',
      (kernel, mapper) => {
        kernel.extra.set('/proc/self/mountinfo', line('/mnt/huge'))
        kernel.extra.set('/proc/self/status', status)
        mapper.unnamedFile = (path) => {
          throw systemError(errno, 'open', path)
        }
        return undefined
      },
    )
    t.equal(ended, expected)
    t.match(stderr, `hugepool: ${said}\n${hint === '' ? '' : `hint: ${hint}`}`)
  }
})

t.test('a directory is looked for behind links', async (t) => {
  const { status, said } = await testOnFake('2M=2 --mount /link', (kernel, mapper) => {
    kernel.extra.set('/proc/self/mountinfo', line('/mnt/huge'))
    Object.assign(mapper, { realPath: () => '/mnt/huge/x' })
    return undefined
  })
  t.equal(status, 0)
  t.equal(said[1], 'an unnamed file on /mnt/huge/x')
  for (const [errno, words] of [
    ['ENOENT', 'no such directory'],
    ['ENOTDIR', 'its path leads through what is not a directory'],
  ] as const) {
    const missing = await refusedOnFake('2M=2 --mount /nowhere', (_, mapper) => {
      const realPath = () => {
        throw systemError(errno, 'realpath', '/nowhere')
      }
      Object.assign(mapper, { realPath })
      return undefined
    })
    t.equal(missing.status, 2)
    t.match(missing.stderr, `/nowhere: ${words}`)
  }
})

t.test('what is no way to a file', async (t) => {
  for (const [errno, words] of [
    ['ENOENT', 'no such file'],
    ['ENOTDIR', 'its path leads through what is not a directory'],
    ['ELOOP', 'symbolic links that lead in a circle'],
  ] as const) {
    const { status, stderr } = await refusedOnFake('2M=2 --path /a/b', (_, mapper) => {
      mapper.openExisting = () => {
        throw systemError(errno, 'stat', '/a/b')
      }
      return undefined
    })
    t.equal(status, 2)
    t.match(stderr, `/a/b: ${words}`)
  }
})

t.test('a limit of less than a page', async (t) => {
  for (const [options, why] of [
    ['', /^the mount \/mnt\/huge is full: its size limit leaves 0 pages, while the pool has 10/],
    [' --noreserve', /^the size limit of the mount \/mnt\/huge is used up, not the pool/],
  ] as const) {
    const { status, document } = await testOnFake(
      `2M=2 --mount /mnt/huge${options}`,
      (kernel, mapper) => {
        kernel.extra.set('/proc/self/mountinfo', line('/mnt/huge', ',size=0'))
        if (options === '') mapper.refusal = { errno: 'ENOMEM', syscall: 'mmap' }
        else mapper.failing = { page: 0, errno: 'EFAULT' }
        return undefined
      },
    )
    t.equal(status, 1)
    t.match(document.failure?.why, why)
  }
})

t.test('a device is not shared by processes', async (t) => {
  const { status, stderr } = await refusedOnFake(
    '2M=2 --path /dev/x --processes 2',
    (_, mapper) => {
      mapper.existing.set('/dev/x', { bytes: 0n })
      return undefined
    },
  )
  t.equal(status, 2)
  t.match(stderr, '/dev/x: a device is not shared by --processes')
})

t.test('frames are those of the pages that were touched', async (t) => {
  const { document } = await testOnFake(
    '2M=1000000 --noreserve --touch 2 --frames',
    (_, mapper) => {
      const { frames } = mapper
      const counted: typeof frames = (mapping, pages, size) => {
        t.equal(pages, 2n, 'no others are looked at')
        return frames(mapping, pages, size)
      }
      Object.assign(mapper, { frames: counted })
      return undefined
    },
  )
  t.equal(document.frames?.length, 2)
})

t.test('a signal ends the populating of a mapping', async (t) => {
  for (const populates of [true, false]) {
    const { status, said, mapper } = await testOnFake('2M=8 --populate', (_, mapper) => {
      mapper.populates = populates
      let last = -1
      mapper.onTouch = (page) => {
        last = page
      }
      return {
        watchSignals: () => ({ pending: () => (last >= 2 ? 'SIGINT' : undefined), end: () => {} }),
      }
    })
    t.equal(status, 'SIGINT')
    t.match(mapper.requests, [{ populate: !populates }], 'by mmap where nothing else can')
    t.equal(said.at(-1), 'all pages and reservations came back')
  }
})

t.test('pages that a kernel is clearing when a signal comes are nobody else’s', async (t) => {
  const { stderr, said } = await testOnFake('2M=4', (kernel, mapper) => {
    let touched = false
    mapper.onTouch = () => {
      if (!touched) kernel.map(2n * M, 1n).touch(1n)
      touched = true
    }
    return {
      watchSignals: () => ({ pending: () => (touched ? 'SIGINT' : undefined), end: () => {} }),
    }
  })
  t.match(said[2], 'touched, then a signal came')
  t.match(stderr, '2M: 1 page had not come back yet; what this process has goes with it')
})

t.test('no address space for a segment, and too many open files', async (t) => {
  const space = await testOnFake('2M=4 --via shm', (_, mapper) => {
    mapper.refusal = { errno: 'ENOMEM', syscall: 'shmat' }
    return undefined
  })
  t.equal(space.status, 1)
  t.match(space.stderr, "no room for 8M in the address space\nhint: 'ulimit -v' and 'ulimit -d'")
  for (const [via, syscall] of [
    ['shm', 'shmat'],
    ['anon', 'mmap'],
  ] as const) {
    const count = await testOnFake(`2M=4 --via ${via}`, (kernel, mapper) => {
      kernel.extra.set('/proc/self/maps', 'a mapping\n'.repeat(50))
      kernel.extra.set('/proc/sys/vm/max_map_count', '50\n')
      mapper.refusal = { errno: 'ENOMEM', syscall }
      return undefined
    })
    t.equal(count.status, 1)
    t.match(count.stderr, 'the process has 50 mappings, and vm.max_map_count allows 50\n')
  }
  const files = await refusedOnFake('2M=4 --via memfd', (_, mapper) => {
    const error = systemError('EMFILE' as never, 'memfd_create')
    mapper.unable = { call: 'memfd', error }
    return undefined
  })
  t.equal(files.status, 1)
  t.match(files.stderr, "memfd_create: too many files are open (EMFILE)\nhint: 'ulimit -n'")
})
