import type { NextConfig } from 'next';

const config: NextConfig = {
  // The session server and the pages have one origin.
  rewrites: async () => [
    {
      source: '/v1beta1/graphSessions/:path*',
      destination: 'http://127.0.0.1:8787/v1beta1/graphSessions/:path*',
    },
  ],
};

export default config;
