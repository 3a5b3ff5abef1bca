// Checks an export of the ledger with the Go team's checksum-database code and nothing of the bank's: the signature of
// every newest checkpoint, the tree over the events, an inclusion proof of every event, and that every checkpoint that was
// ever signed continues the one before. Run in GOPATH mode: see specs/audit.md.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Println("DOES NOT HOLD:", err)
		os.Exit(1)
	}
	return value
}

func lines(path string) (all [][]byte) {
	file := must(os.Open(path))
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		all = append(all, append([]byte(nil), scanner.Bytes()...))
	}
	return all
}

func main() {
	folder, keys := os.Args[1], []note.Verifier{}
	for _, line := range lines(filepath.Join(folder, "policy.txt")) {
		if strings.HasPrefix(string(line), "log ") {
			keys = append(keys, must(note.NewVerifier(strings.TrimPrefix(string(line), "log "))))
		}
	}
	books := must(filepath.Glob(filepath.Join(folder, "*", "events.ndjson")))
	for _, events := range books {
		check(filepath.Dir(events), lines(events), note.VerifierList(keys...))
	}
	fmt.Println("holds:", len(books), "books")
}

func check(folder string, events [][]byte, keys note.Verifiers) {
	hashes := []tlog.Hash{}
	reader := tlog.HashReaderFunc(func(indexes []int64) (found []tlog.Hash, err error) {
		for _, index := range indexes {
			found = append(found, hashes[index])
		}
		return found, nil
	})
	for index, event := range events {
		hashes = append(hashes, must(tlog.StoredHashes(int64(index), event, reader))...)
	}
	text := must(note.Open(must(os.ReadFile(filepath.Join(folder, "checkpoint"))), keys)).Text
	root, size := parse(text)
	require(size == int64(len(events)), folder, "has another number of events than was signed")
	if size == 0 {
		return // nothing was signed but that there is nothing
	}
	require(must(tlog.TreeHash(size, reader)) == root, folder, "does not have the root that was signed")
	for index := range events {
		proof := must(tlog.ProveRecord(size, int64(index), reader))
		require(tlog.CheckRecord(proof, size, root, int64(index), tlog.RecordHash(events[index])) == nil, folder, index)
	}
	for _, line := range lines(filepath.Join(folder, "checkpoints.ndjson")) {
		var older string
		require(json.Unmarshal(line, &older) == nil, folder, "has a checkpoint that is no text")
		olderRoot, olderSize := parse(must(note.Open([]byte(older), keys)).Text)
		if olderSize == 0 {
			continue
		}
		proof := must(tlog.ProveTree(size, olderSize, reader))
		require(tlog.CheckTree(proof, size, root, olderSize, olderRoot) == nil, folder, "is not consistent at", olderSize)
	}
	tiles(folder, size, reader)
}

func tiles(folder string, size int64, reader tlog.HashReader) {
	for _, tile := range tlog.NewTiles(8, 0, size) {
		if tile.W < 256 && int64(tile.W) != size>>(8*uint(tile.L))-tile.N*256 {
			continue // a partial tile of a smaller tree
		}
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		stored := must(os.ReadFile(filepath.Join(folder, path)))
		require(string(must(tlog.ReadTileData(tile, reader))) == string(stored), folder, path)
	}
}

func parse(text string) (root tlog.Hash, size int64) {
	parts := strings.Split(text, "\n")
	must(fmt.Sscan(parts[1], &size))
	return must(tlog.ParseHash(parts[2])), size
}

func require(holds bool, words ...any) {
	if !holds {
		fmt.Println(append([]any{"DOES NOT HOLD:"}, words...)...)
		os.Exit(1)
	}
}
