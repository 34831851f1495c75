# syntax=docker/dockerfile:1

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /grantor
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/grantor/target \
    cargo build --locked --release --package grantor-app --bin grantor \
    && cp target/release/grantor /usr/local/bin/grantor

FROM debian:12-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 65532 -g 65532 -m 755 /var/lib/grantor
COPY --from=build /usr/local/bin/grantor /usr/local/bin/grantor
# With the default configuration the SQLite file and its master key are made here.
WORKDIR /var/lib/grantor
VOLUME /var/lib/grantor
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["grantor"]
CMD ["serve"]
