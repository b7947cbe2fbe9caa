package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// served is a log that somebody serves over HTTP, and a checkpoint of it that a witness cosigned.
type served struct {
	URL, Key, Witness, Cosigned string
}

// fetched are the tiles of a log as they are served.
type fetched struct{ url string }

func (fetched) Height() int                     { return 8 }
func (fetched) SaveTiles([]tlog.Tile, [][]byte) {}
func (f fetched) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := [][]byte{}
	for _, tile := range wanted {
		found, err := get(f.url + pathOf(tile))
		if err != nil {
			return nil, err
		}
		data = append(data, found)
	}
	return data, nil
}

// pathOf names a tile as C2SP does, which leaves out the height, and calls data entries.
func pathOf(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

func get(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}

// treeIn reads the head that the text of a checkpoint tells.
func treeIn(text string) tlog.Tree {
	lines := strings.Split(text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	bytes, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], bytes)
	return tree
}

func checkLog(of served) {
	log, err := note.NewVerifier(of.Key)
	must(err)
	head, err := get(of.URL + "checkpoint")
	must(err)
	opened, err := note.Open(head, note.VerifierList(log))
	check("checkpoint", "is signed by the log", err == nil)
	if err != nil {
		return
	}
	tree := treeIn(opened.Text)
	reader := tlog.TileHashReader(tree, fetched{of.URL})
	root, err := tlog.TreeHash(tree.N, reader)
	check("root", "is that of the tiles", err == nil && root == tree.Hash)
	leaves := entriesOf(of.URL, tree.N)
	check("entries", "are as many as the tree has", int64(len(leaves)) == tree.N)
	for index, leaf := range leaves {
		proof, err := tlog.ProveRecord(tree.N, int64(index), reader)
		holds := err == nil && tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), leaf) == nil
		check("entry in the tree", fmt.Sprint(index), holds)
	}
	checkCosigned(of, log, tree, reader)
}

// checkCosigned compares a checkpoint that a witness cosigned with the log as it is now.
func checkCosigned(of served, log note.Verifier, tree tlog.Tree, reader tlog.HashReader) {
	cosigner := witnessOf(of.Witness)
	opened, err := note.Open([]byte(of.Cosigned), note.VerifierList(log, cosigner))
	holds := err == nil && len(opened.Sigs) == 2 && opened.Sigs[1].Name == cosigner.name
	check("cosigned", "by the witness", holds)
	if !holds {
		return
	}
	old := treeIn(opened.Text)
	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	grown := err == nil && tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash) == nil
	check("cosigned", fmt.Sprint("has grown from ", old.N, " to ", tree.N), grown && old.N < tree.N)
}

// entriesOf are the hashes of all entries of the bundles.
func entriesOf(url string, size int64) []tlog.Hash {
	leaves := []tlog.Hash{}
	for int64(len(leaves)) < size {
		at := int64(len(leaves))
		tile := tlog.Tile{H: 8, L: -1, N: at / 256, W: 256}
		if size-at < 256 {
			tile.W = int(size - at)
		}
		data, err := get(url + pathOf(tile))
		must(err)
		for len(data) >= 2 {
			length := 2 + int(binary.BigEndian.Uint16(data))
			leaves = append(leaves, tlog.RecordHash(data[2:length]))
			data = data[length:]
		}
	}
	return leaves
}
