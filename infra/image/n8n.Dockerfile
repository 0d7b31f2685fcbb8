# syntax=docker/dockerfile:1
# n8n with the FusionCommerce nodes. First `npm run build:n8n && npm pack --pack-destination dist` in the root of the repository.
ARG N8N_VERSION=2.33.7
FROM n8nio/n8n:${N8N_VERSION}
USER root
WORKDIR /opt/n8n-nodes
COPY dist/n8n-nodes-fusioncommerce-*.tgz package.tgz
# A volume over .n8n hides what is baked in there, so pods copy this folder to .n8n/nodes before n8n starts.
RUN npm init --yes > /dev/null \
    && npm install --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund ./package.tgz \
    && rm package.tgz
ENV N8N_UNVERIFIED_PACKAGES_ENABLED=true
WORKDIR /home/node
USER node
