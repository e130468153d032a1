# The image of imagemeta: docs/docker.md says how it is used, tools/build-image.sh builds it also where there is no engine.

FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY tools tools
COPY src src
RUN node tools/build.ts

# Only what runs: the packages that the build left apart, without types, sources, maps, tests and documents.
FROM node:24-slim AS packages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev
COPY tools tools
COPY --from=build /src/dist dist
COPY --chmod=755 docker/entrypoint.sh docker/healthcheck.mjs /usr/local/lib/imagemeta/docker/
COPY docker/compile-cache.mjs docker/
# Whoever the user is may write into the two volumes.
RUN node tools/runtime-files.ts /usr/local/lib/imagemeta && install -d -o node /usr/local/lib/imagemeta/.compile-cache \
  && mkdir -p /image/usr/local/bin && ln -s ../lib/imagemeta/dist/cli/main.js /image/usr/local/bin/imagemeta \
  && mkdir -p /image/app/out /image/app/config && chmod 1777 /image/app/out /image/app/config
# What Node.js has compiled it keeps for one user.
USER node
ENV NODE_COMPILE_CACHE=/usr/local/lib/imagemeta/.compile-cache
RUN node docker/compile-cache.mjs /usr/local/lib/imagemeta && node /usr/local/lib/imagemeta/dist/cli/main.js --version \
  && chmod -R a+rX "$NODE_COMPILE_CACHE"

FROM node:24-slim AS init
RUN apt-get update && apt-get install --yes --no-install-recommends tini

FROM node:24-slim
COPY --from=init /usr/bin/tini /usr/bin/tini
COPY --from=packages /usr/local/lib/imagemeta /usr/local/lib/imagemeta
COPY --from=packages /image /

ENV NODE_ENV=production NODE_COMPILE_CACHE=/usr/local/lib/imagemeta/.compile-cache XDG_CONFIG_HOME=/app/config
WORKDIR /app
VOLUME ["/app/out", "/app/config"]
USER node
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/usr/local/lib/imagemeta/docker/healthcheck.mjs"]
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/lib/imagemeta/docker/entrypoint.sh"]
