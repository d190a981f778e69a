/** What is typed, ending with a tab, and what the line is then. */
export type Typed = readonly (readonly [string, string])[]

/**
 * What every shell completes alike, though each has code of its own for it. Beside `tree` there are a
 * file `triangle` and a directory `two words`. In `tree` a process 4711 has huge pages, and /mnt/huge1g
 * is a mount.
 */
export const everywhere: Typed = [
  ['hugepool resi\t', 'hugepool resize '],
  ['hugepool ove\t', 'hugepool overcommit '],
  ['hugepool --per\t', 'hugepool --per-node '],
  ['hugepool resize -s tree 1\t', 'hugepool resize -s tree 1G='],
  ['hugepool resize -s tree 2M=0\t', 'hugepool resize -s tree 2M=0:'],
  ['hugepool resize -s tree 2M=m\t', 'hugepool resize -s tree 2M=max '],
  ['hugepool resize -s tree 2M=0:1,\t', 'hugepool resize -s tree 2M=0:1,1:'],
  ['hugepool resize -s tree 2M=1 1\t', 'hugepool resize -s tree 2M=1 1G='],
  ['hugepool resize -s tree --node=a\t', 'hugepool resize -s tree --node=all '],
  ['hugepool resize -s tree --node 0,\t', 'hugepool resize -s tree --node 0,1 '],
  ['hugepool resize --mempolicy=b\t', 'hugepool resize --mempolicy=bind:'],
  [
    'hugepool resize -s tree --mempolicy bind:0,\t',
    'hugepool resize -s tree --mempolicy bind:0,1 ',
  ],
  ['hugepool list -oSIZE,NO\t', 'hugepool list -oSIZE,NODE '],
  ['hugepool list -o +NO\t', 'hugepool list -o +NODE '],
  ['hugepool list -s tr\t', 'hugepool list -s tree/'],
  ['hugepool list --sysroot=tr\t', 'hugepool list --sysroot=tree/'],
  ['hugepool list -s tw\t', 'hugepool list -s two\\ words/'],
  ['hugepool resize --leave tr\t', 'hugepool resize --leave tr'],
  ['hugepool nonsense tr\t', 'hugepool nonsense tr'],
  ['hugepool mount --mkdir tw\t', 'hugepool mount --mkdir two\\ words/'],
  ['hugepool test --path=tria\t', 'hugepool test --path=triangle '],
  ['hugepool list > tria\t', 'hugepool list > triangle '],
  ['echo 2M=; hugepool resize -s tree 1\t', 'echo 2M=; hugepool resize -s tree 1G='],
  ['bin/hugepool resi\t', 'bin/hugepool resize '],
]

/** What differs only in the candidates, which the same program tells to every shell. */
export const once: Typed = [
  ['hugepool help dem\t', 'hugepool help demote '],
  ['hugepool -s tree resize 1\t', 'hugepool -s tree resize 1G='],
  ['hugepool resize -s tree --node=0,\t', 'hugepool resize -s tree --node=0,1 '],
  ['hugepool demote -s tree 1G=1 --to \t', 'hugepool demote -s tree 1G=1 --to 2M '],
  ['hugepool list -o SIZE,NO\t', 'hugepool list -o SIZE,NODE '],
  ['hugepool list -o size,no\t', 'hugepool list -o size,node '],
  ['hugepool list --color=al\t', 'hugepool list --color=always '],
  ['hugepool completion z\t', 'hugepool completion zsh '],
  ['hugepool mount tr\t', 'hugepool mount tree/'],
  ['hugepool mount tree --ov\t', 'hugepool mount tree --over '],
  ['hugepool mount tree tr\t', 'hugepool mount tree tr'],
  ['hugepool mount -s tree tree --pagesize 1\t', 'hugepool mount -s tree tree --pagesize 1G '],
  ['hugepool mount --options=ro,nos\t', 'hugepool mount --options=ro,nosuid '],
  ['hugepool mounts tr\t', 'hugepool mounts tr'],
  ['hugepool test --path tria\t', 'hugepool test --path triangle '],
  ['hugepool who -s tree --pid 47\t', 'hugepool who -s tree --pid 4711 '],
  ['hugepool who -s tree --mount /mnt/hu\t', 'hugepool who -s tree --mount /mnt/huge1g '],
  ['hugepool who --path=tria\t', 'hugepool who --path=triangle '],
  ['hugepool files -s tree /mnt/hu\t', 'hugepool files -s tree /mnt/huge1g '],
  ['hugepool files tria\t', 'hugepool files triangle '],
]
