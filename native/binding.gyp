{
  "targets": [
    {
      "target_name": "hugepool",
      "sources": ["addon.cc", "errno.cc", "flock.cc", "mempolicy.cc", "mount.cc"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS"],
      # -isystem: our warnings are not for the headers of others.
      "cflags_cc": [
        "-std=c++20",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
        "-fvisibility=hidden",
        "-isystem'<(node_root_dir)/include/node'",
        "-isystem'<!(node -p \"path.dirname(require.resolve('node-addon-api'))\")'",
      ],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-Wno-unused-parameter"],
      "cflags!": ["-Wno-unused-parameter"],
    },
  ],
}
